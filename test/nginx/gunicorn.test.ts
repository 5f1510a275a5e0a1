import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { siteText } from "../../components/nginx/index.ts";
import { ask, until } from "./http-client.ts";
import { startLab } from "./real-nginx.ts";
import type { Lab } from "./real-nginx.ts";
import { LOCAL } from "./sites.ts";

// nginx before two real Gunicorns: what happens when one is slow, refuses, or dies over a request. An ordinary answer may take
// a second, so nginx waits for six.
const SITE = siteText({ ...LOCAL, requestTimeout: "1s", paths: { "/patient/": { timeout: "15s" } } });
const TMP_MIB = 32;

let lab: Lab;
const status = async (path: string, body?: Buffer) => (await ask(lab.port, path, {}, body)).status;
/** The calls that reached the application for a path, as `first GET`. */
const calls = async (path: string) => {
  const { stdout } = await lab.exec(["cat", "/tmp/calls"]);
  const lines = stdout.trim().split("\n");
  return lines.filter((line) => line.endsWith(` ${path}`)).map((line) => line.slice(0, -path.length - 1));
};
const oneByOne = async (times: number, act: () => Promise<number>) => {
  const answers: number[] = [];
  for (let time = 0; time < times; time++) answers.push(await act());
  return answers;
};

before(async () => {
  const app = readFileSync(join(import.meta.dirname, "app.py"), "utf8");
  lab = await startLab(
    ["nginx", "-c", "/lab/nginx.conf", "-g", "daemon off;"],
    { "nginx.conf": SITE, "app.py": app },
    TMP_MIB,
  );
  for (const [name, number] of [
    ["first", 1],
    ["second", 2],
  ] as const) {
    const options = ["--chdir", "/lab", "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm"];
    const socket = `/run/gunicorn/gunicorn-${number}.sock`;
    await lab.spawn([
      ...["env", `NAME=${name}`, "PYTHONDONTWRITEBYTECODE=1"],
      ...["gunicorn", "--bind", `unix:${socket}`, ...options, "app:application"],
    ]);
    await until(
      () => lab.exec(["test", "-S", socket]),
      ({ code }) => code === 0,
    );
  }
  await until(
    () => status("/"),
    (answer) => answer === 200,
  );
});
after(() => lab.remove());

test("a GET over which a Gunicorn dies is answered by the other one", async () => {
  assert.deepEqual(await oneByOne(4, () => status("/get/dies")), [200, 200, 200, 200]);
  const reached = await calls("/get/dies");
  assert.ok(reached.includes("first GET"), "none met the Gunicorn that dies");
  assert.equal(reached.filter((call) => call === "second GET").length, 4);
});

test("a POST over which a Gunicorn dies is a 502, and never runs twice", async () => {
  const answers = await oneByOne(6, () => status("/post/dies", Buffer.from("a=b")));
  const reached = await calls("/post/dies");
  assert.equal(reached.length, 6);
  const died = reached.filter((call) => call === "first POST").length;
  assert.ok(died > 0, "none met the Gunicorn that dies");
  assert.deepEqual(answers.sort(), [...Array<number>(6 - died).fill(200), ...Array<number>(died).fill(502)]);
});

test("a GET that a Gunicorn refuses for now goes to the other one, a POST does not", async () => {
  assert.deepEqual(await oneByOne(4, () => status("/get/busy")), [200, 200, 200, 200]);
  const answers = await oneByOne(4, () => status("/post/busy", Buffer.from("a=b")));
  const reached = await calls("/post/busy");
  assert.equal(reached.length, 4);
  assert.equal(
    answers.filter((answer) => answer === 503).length,
    reached.filter((call) => call === "first POST").length,
  );
  assert.ok(answers.includes(503));
});

suite("time limits", { concurrency: true }, () => {
  test("an answer that takes too long is a 504 after requestTimeout and five seconds, and is not tried again", async () => {
    const [answer, seconds] = await timed(() => status("/sleep/9"));
    assert.equal(answer, 504);
    assert.ok(seconds > 5.9 && seconds < 8, `${seconds} s`);
    assert.equal((await calls("/sleep/9")).length, 1);
  });

  test("a path with a time limit of its own may take longer", async () => {
    assert.equal(await status("/patient/sleep/8"), 200);
  });

  test("a visitor who does not finish the head of a request is cut off after ten seconds", async () => {
    const seconds = await untilClosed("GET / HTTP/1.1\r\nHost: example.com\r\n");
    assert.ok(seconds > 9.9 && seconds < 12, `${seconds} s`);
  });

  test("a visitor who does not finish a body is cut off after fifteen seconds, and the application never sees it", async () => {
    const seconds = await untilClosed("POST /half HTTP/1.1\r\nHost: example.com\r\nContent-Length: 10\r\n\r\nab");
    assert.ok(seconds > 14.9 && seconds < 17, `${seconds} s`);
    assert.deepEqual(await calls("/half"), []);
  });
});

test("a download larger than /tmp reaches a slow visitor whole, and does not fill /tmp", async () => {
  const [received, used] = await slowDownload("/mebibytes/100");
  assert.equal(received, 100 * 2 ** 20);
  assert.ok(used <= 2, `${used} MiB of /tmp`);
});

test("requests in progress finish when nginx reloads, and when it stops", async () => {
  const [before, , after] = await Promise.all([
    status("/sleep/2"),
    setTimeout(500).then(() => lab.exec(["nginx", "-c", "/lab/nginx.conf", "-s", "reload"])),
    setTimeout(1000).then(() => status("/sleep/3")),
    setTimeout(2000).then(() => lab.exec(["nginx", "-c", "/lab/nginx.conf", "-s", "quit"])),
  ]);
  assert.deepEqual([before, after], [200, 200]);
  await assert.rejects(() => status("/"));
  assert.doesNotMatch(await lab.logs(), /\[(crit|alert|emerg)\]/);
});

async function timed<T>(act: () => Promise<T>): Promise<[T, seconds: number]> {
  const start = Date.now();
  const result = await act();
  return [result, (Date.now() - start) / 1000];
}

/** Sends that and nothing more. Answers with the seconds until nginx closes the connection. */
async function untilClosed(text: string): Promise<number> {
  const [, seconds] = await timed(
    () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(lab.port, "127.0.0.1", () => socket.write(text));
        socket.on("error", reject);
        socket.on("close", () => {
          resolve();
        });
        socket.resume();
      }),
  );
  return seconds;
}

/** Reads an answer with a pause of two seconds. Answers with its bytes, and the MiB of /tmp in use at the end of the pause. */
async function slowDownload(path: string): Promise<[bytes: number, tmpMiB: number]> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port: lab.port, path, agent: false }, (answer) => {
      let bytes = 0;
      const pause = setTimeout(2000).then(() => lab.exec(["df", "--block-size=1M", "--output=used", "/tmp"]));
      pause.then(() => answer.on("data", (chunk: Buffer) => (bytes += chunk.length)), reject);
      answer.on("error", reject);
      answer.on("end", () => {
        pause.then(({ stdout }) => {
          resolve([bytes, Number(stdout.split("\n")[1])]);
        }, reject);
      });
    }).on("error", reject);
  });
}
