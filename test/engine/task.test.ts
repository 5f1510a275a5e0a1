/** The task definition that a stack registers, run for real: the pushed images, as the users and with the limits of ECS. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ThrowAwayStack } from "../../commands/lib/throw-away.ts";
import { docker } from "../../tools/aws/api/docker-cli.ts";
import type { RunningTask } from "../../tools/aws/api/docker-service.ts";
import { containersOf } from "../../tools/aws/records/container-checks.ts";
import { DEFINITION, SERVICE } from "../../tools/aws/records/ecs.ts";
import { Visitor } from "../e2e/visitor.ts";
import { assertGreen, open } from "./stacks.ts";

const LONGEST = { timeout: 300_000 };
/** What the load balancer adds; the Host is the visitor's. */
const VISIT = { Host: "dev.example.com", "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https" };

let stack: ThrowAwayStack;
let task: RunningTask;
let visitor: Visitor;
before(async () => {
  stack = await open("dev");
  assertGreen(await stack.up());
  task = await stack.aws.tasks.serve(definition());
  visitor = new Visitor(task.port);
}, LONGEST);
after(() => stack.close(), LONGEST);

const definition = () => String(stack.aws.place.world.all(SERVICE)[0]?.properties["taskDefinition"]);

test("the page comes through nginx and Gunicorn, by https, with its CSS from the volume", async () => {
  const page = await visitor.get("/", VISIT);
  assert.equal(page.status, 200, page.body);
  const css = /href="(\/static\/postcards\/site\.[0-9a-f]{12}\.css)"/.exec(page.body)?.[1] ?? "";
  const { status, headers } = await visitor.get(css, { ...VISIT, "Accept-Encoding": "br" });
  assert.deepEqual(
    [status, headers["content-encoding"], headers["cache-control"]],
    [200, "br", "public, max-age=31536000, immutable"],
  );
});

test("health answers whatever the Host, the site only for its own, and nobody is sent round in circles", async () => {
  const byAddress = { Host: "10.0.192.9" };
  for (const path of ["/healthz", "/healthz/app"]) assert.equal((await visitor.get(path, byAddress)).status, 200, path);
  assert.equal((await visitor.get("/", { ...VISIT, ...byAddress })).status, 400);
  assert.equal((await visitor.get("/", { Host: "dev.example.com" })).status, 200); // nginx knows that it is behind TLS
});

test("a form with the site's own origin writes to PostgreSQL over TLS", async () => {
  const page = await visitor.get("/write/", VISIT);
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, name: "Ada", message: "From a task." }).toString();
  const cookie = (page.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
  const answer = await visitor.post("/write/", body, {
    ...VISIT,
    Cookie: cookie,
    Origin: "https://dev.example.com",
    Referer: "https://dev.example.com/write/",
  });
  assert.deepEqual([answer.status, answer.headers.location], [302, "/"], answer.body.slice(0, 500));
  assert.equal(stack.aws.tasks.query("SELECT message FROM postcards_postcard"), "From a task.");
  assert.match((await visitor.get("/", VISIT)).body, /From a task\./);
});

test("outlives the rotation of the database's password, and reads its secret once for each process", async () => {
  const reads = () => stack.aws.api.calls.filter(({ operation }) => operation === "GetSecretValue").length;
  const before = reads();
  const closeAll = () => {
    stack.aws.tasks.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app' AND pid <> pg_backend_pid()",
    );
  };
  stack.aws.tasks.rotatePassword();
  for (let request = 0; request < 10; request++) {
    if (request % 3 === 0) closeAll(); // new connections, which the old password does not open
    assert.equal((await visitor.get("/", VISIT)).status, 200, `request ${request}`);
  }
  assert.equal(reads() - before, 1);
});

test("every volume is one of the image, or it would be root's on Fargate", () => {
  const stored = stack.aws.place.world.get(DEFINITION, definition());
  assert.ok(stored);
  for (const { name, image = "", mountPoints = [] } of containersOf(stored.properties)) {
    const volumes = JSON.parse(docker("image", "inspect", "--format", "{{json .Config.Volumes}}", image)) as
      object | null;
    for (const { containerPath = "" } of mountPoints) {
      assert.ok(containerPath in (volumes ?? {}), `${containerPath} of ${name ?? ""}`);
    }
  }
});

test("stop signals: the images', each in the order that ECS reverses", () => {
  const signal = (container: string) =>
    docker("inspect", "--format", "{{.Config.StopSignal}}", task.containers[container] ?? "");
  assert.deepEqual([signal("nginx"), signal("gunicorn")], ["SIGQUIT", "SIGTERM"]);
  for (const container of ["nginx", "gunicorn"]) {
    docker("stop", "--time", "20", task.containers[container] ?? "");
    assert.equal(
      docker("inspect", "--format", "{{.State.ExitCode}}", task.containers[container] ?? ""),
      "0",
      container,
    );
  }
});
