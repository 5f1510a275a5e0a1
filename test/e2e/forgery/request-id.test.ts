/** One id for each request: in the answer, in nginx's log, in Django's and in Gunicorn's. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../../nginx/http-client.ts";
import { ForgeryStack } from "./stack.ts";
import { Visitor } from "../visitor.ts";

const LONGEST = { timeout: 300_000 };
const FORGED = "0123456789abcdef".repeat(2);

let stack: ForgeryStack;
let visitor: Visitor;

before(async () => {
  stack = await ForgeryStack.start("request-id");
  visitor = new Visitor(stack.port);
}, LONGEST);
after(() => stack.remove(), LONGEST);

/** Asks, and answers with the id in the answer and the ids in the log lines that name the path. */
async function ids(path: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await visitor.get(path, headers);
  const id = String(answer.headers["x-request-id"]);
  const found = () => ({
    nginx: stack.logged().flatMap((line) => (line.uri === path ? [line.id] : [])),
    gunicorn: stack.served().flatMap((served) => (served.line.includes(` ${path} `) ? [served.id] : [])),
    django: [...stack.gunicornLog().matchAll(/^django (\S+) (\S+) (.*)$/gm)].flatMap(([, logged = "", , text = ""]) =>
      text.endsWith(path) ? [logged] : [],
    ),
  });
  const everywhere = await until(
    () => Promise.resolve(found()),
    ({ nginx, gunicorn }) => nginx.length > 0 && gunicorn.length > 0, // nginx writes its log once a second
  );
  return { id, body: answer.body, ...everywhere };
}

test("it is the same in the answer, in the view and in every log, and nobody can choose it", async () => {
  for (const [path, headers] of [
    ["/plain/", {}],
    ["/forged/", { "X-Request-ID": FORGED }],
  ] as const) {
    const { id, body, ...logs } = await ids(path, headers);
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.notEqual(id, FORGED);
    assert.equal((JSON.parse(body) as { id: string }).id, id);
    assert.deepEqual(logs, { nginx: [id], gunicorn: [id], django: [id] });
  }
});

test("Django's own line about a page that is not there has it, too", async () => {
  const { id, ...logs } = await ids("/nowhere/");
  assert.deepEqual(logs.django, [id]);
});

test("many requests at once keep theirs", async () => {
  const paths = Array.from({ length: 100 }, (_, index) => `/many/${index}/`);
  const answers = await Promise.all(paths.map((path) => visitor.get(path)));
  assert.equal(new Set(answers.map(({ headers }) => headers["x-request-id"])).size, paths.length);
  const lines = paths.map(
    (path, index) => `django ${String(answers[index]?.headers["x-request-id"])} echo.views ${path}\n`,
  );
  // Docker takes up what a container prints after the answer has come.
  const missing = () => {
    const log = stack.gunicornLog();
    return Promise.resolve(lines.filter((line) => !log.includes(line)));
  };
  await until(missing, (left) => left.length === 0);
});

test("who reaches Gunicorn another way cannot write into its lines", () => {
  const script = `import http.client, socket
connection = http.client.HTTPConnection("localhost")
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.connect("/run/gunicorn/gunicorn-1.sock")
connection.request("GET", "/socket/", headers={"X-Request-ID": "${FORGED} echo.views /injected/"})
print(connection.getresponse().status)`;
  assert.equal(stack.run("gunicorn-1", "python", "-c", script), "200");
  assert.match(stack.gunicornLog(), /^django - echo\.views \/socket\/$/m);
});
