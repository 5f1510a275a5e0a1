import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { nginx, render, text, v } from "../../components/nginx/index.ts";
import { unprivileged } from "../../components/nginx/presets/process.ts";
import { UserError } from "../../components/shared/user-error.ts";
import { ask, until } from "./http-client.ts";
import { startLab } from "./real-nginx.ts";
import type { Lab } from "./real-nginx.ts";

const COUNT = 1200;
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

const punctuation = fc.constantFrom(...Array.from(" ;{}\"'\\#~=@^*<>&|`%()[]:,/?!+-._ab01\u00a0é😀"));
const fragment = fc.constantFrom(
  "\\",
  '\\"',
  "';",
  '";',
  "}",
  " }\n",
  "\r\nX: y",
  "$host",
  "${host}",
  "#",
  "\\n",
  "\\\\",
  "\0",
  "\t",
  "\u007f",
  "\u0085",
);
const hostile = fc.oneof(
  fc.string({ unit: punctuation, maxLength: 40 }),
  fc.string({ unit: fc.oneof({ arbitrary: punctuation, weight: 9 }, fragment), maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const values = fc.sample(hostile, { numRuns: 3 * COUNT, seed });
const mustBeRefused = (value: string) => /[\p{Cc}$]/u.test(value);
const allowed = values.filter((value) => !mustBeRefused(value)).slice(0, COUNT);

const refuses = (value: string) => {
  try {
    render([nginx.add_header("X-Value", value)]);
    return false;
  } catch (error) {
    assert.ok(error instanceof UserError);
    return true;
  }
};

test(`only control characters and "$" are refused (seed ${seed})`, (t) => {
  assert.deepEqual(
    values.filter((value) => refuses(value) !== mustBeRefused(value)),
    [],
  );
  t.diagnostic(`${values.length} values, ${values.filter(mustBeRefused).length} refused`);
  assert.ok(values.some(mustBeRefused));
});

test("half a character, which UTF-8 cannot hold, is refused", () => {
  assert.ok(refuses("\ud800"));
});

test("a regular expression takes its anchor, and no control character", () => {
  assert.equal(render([nginx.location(/\.css$/)]), 'location ~ "\\\\.css$" {\n}\n');
  assert.throws(() => render([nginx.location(new RegExp(String.fromCharCode(1)))]), UserError);
});

let lab: Lab;
const nonRoot = unprivileged();

/** A site with a body, a header and a forwarded header for each value; the second server answers with what reached it. */
const configuration = render([
  ...nonRoot.main,
  nginx.events(nginx.worker_connections(256)),
  nginx.http(
    ...nonRoot.http,
    nginx.access_log("off"),
    nginx.server(
      nginx.listen(8080),
      ...allowed.flatMap((value, index) => [
        nginx.location({ exact: `/body/${index}` }, nginx.add_header("X-Value", value), nginx.return(200, value)),
        nginx.location(
          { exact: `/forwarded/${index}` },
          nginx.proxy_set_header("X-Value", value),
          nginx.proxy_pass("http://127.0.0.1:8081"),
        ),
      ]),
    ),
    nginx.server(nginx.listen(8081), nginx.location("/", nginx.return(200, { variable: "http_x_value" }))),
  ),
]);

before(async () => {
  lab = await startLab(["nginx", "-c", "/lab/nginx.conf", "-g", "daemon off;"], { "nginx.conf": configuration });
  await until(
    () => ask(lab.port, "/body/0"),
    ({ status }) => status === 200,
  );
});
after(() => lab.remove());

/** HTTP takes blanks at the ends of a header away. */
const trimmed = (value: string) => value.replace(/^ +| +$/g, "");

test(`at least 1,000 hostile values come back byte for byte (seed ${seed})`, async (t) => {
  assert.equal(allowed.length, COUNT);
  const wrong: unknown[] = [];
  for (const [index, value] of allowed.entries()) {
    const [direct, forwarded] = await Promise.all([
      ask(lab.port, `/body/${index}`),
      ask(lab.port, `/forwarded/${index}`),
    ]);
    const header = Buffer.from(direct.header("X-Value")[0] ?? "", "latin1").toString("utf8");
    const got = { body: direct.body.toString("utf8"), header, forwarded: forwarded.body.toString("utf8") };
    const expected = { body: value, header: trimmed(value), forwarded: trimmed(value) };
    if (JSON.stringify(got) !== JSON.stringify(expected)) wrong.push({ expected, got });
  }
  assert.deepEqual(wrong, []);
  t.diagnostic(`${allowed.length} values, each as a body, a header and a forwarded header`);
});

test("variables stay variables beside literal text", () => {
  assert.equal(
    render([nginx.proxy_set_header("X", text`${v.scheme}s://${v.host}:8080 "a" ${v.remote_addr}`)]),
    "proxy_set_header X '${scheme}s://$host:8080 \"a\" $remote_addr';\n",
  );
});
