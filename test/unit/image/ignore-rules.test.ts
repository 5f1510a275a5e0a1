import assert from "node:assert/strict";
import { test } from "node:test";
import { neverStaged, parseDockerignore } from "../../../components/image/ignore-rules.ts";

const never: readonly [name: string, isFolder: boolean, expected: boolean][] = [
  [".git", true, true],
  [".git", false, true],
  [".gitignore", false, false],
  [".github", true, false],
  [".env", false, true],
  [".env", true, true],
  [".env.local", false, true],
  [".envrc", false, true],
  [".environment", false, false],
  ["env.py", false, false],
  ["db.sqlite3", false, true],
  ["db.sqlite3-wal", false, true],
  ["shop.sqlite", false, true],
  ["app.db", false, true],
  ["db.py", false, false],
  ["sqlite3", true, false],
  [".venv", true, true],
  ["venv", true, true],
  ["venv", false, false],
  ["venvs", true, false],
  ["node_modules", true, true],
  ["__pycache__", true, true],
  ["views.pyc", false, true],
  ["views.py", false, false],
  [".local", true, true],
  [".localrc", false, false],
  ["media", true, false],
  [".dockerignore", false, true],
];
for (const [name, isFolder, expected] of never) {
  test(`${name}${isFolder ? "/" : ""} is ${expected ? "never" : "ordinarily"} staged`, () => {
    assert.equal(neverStaged(name, isFolder), expected);
  });
}

const patterns: readonly [rules: string, path: string, ignored: boolean][] = [
  ["notes.txt", "notes.txt", true],
  ["notes.txt", "docs/notes.txt", false],
  ["**/notes.txt", "docs/deep/notes.txt", true],
  ["**/notes.txt", "notes.txt", true],
  ["docs", "docs/a/b.txt", true],
  ["docs/", "docs/a/b.txt", true],
  ["/docs", "docs/a.txt", true],
  ["./docs", "docs/a.txt", true],
  ["docs", "docs2/a.txt", false],
  ["*.md", "README.md", true],
  ["*.md", "app/README.md", false],
  ["*/*.md", "app/README.md", true],
  ["*\n!app", "app/views.py", false],
  ["*\n!app", "other/views.py", true],
  ["docs\n!docs/keep/this.txt", "docs/keep/this.txt", false],
  ["docs\n!docs/keep/this.txt", "docs/keep/that.txt", true],
  ["!docs\ndocs", "docs/a.txt", true],
  ["# docs", "docs/a.txt", false],
  ["DOCS", "docs/a.txt", false],
  ["a?c.txt", "abc.txt", true],
  ["a?c.txt", "abbc.txt", false],
  ["", "a.txt", false],
];
for (const [rules, path, ignored] of patterns) {
  test(`.dockerignore ${JSON.stringify(rules)} ${ignored ? "leaves out" : "keeps"} ${path}`, () => {
    assert.equal(parseDockerignore(rules).ignores(path), ignored);
  });
}

test("only rules without ! spare a walk through ignored folders", () => {
  assert.equal(parseDockerignore("docs\n*.md").final, true);
  assert.equal(parseDockerignore("docs\n!docs/a").final, false);
});
