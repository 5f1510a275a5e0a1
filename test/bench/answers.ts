import { MARGIN } from "./client.ts";
import type { Container } from "./container.ts";
import { header, overTls, portOf, url } from "./question.ts";
import type { Question } from "./question.ts";
import type { Side } from "./sides.ts";

const CURL = ["curl", "--silent", "--show-error", "--insecure", "--fail", "--max-time", "20"];
const PATIENT = ["--retry", "20", "--retry-delay", "1", "--retry-max-time", "30", "--retry-all-errors"];

/** The page as the raw side serves it (nginx/raw.conf), and what asks the product for it. */
const COPIES = { "/srv/raw/page": "identity", "/srv/raw/page.gz": "gzip" } as const;

/**
 * Waits until every side answers, and that all of them say the same.
 * @throws One does not answer, with its logs; or they differ.
 */
export async function allAnswer(
  container: Container,
  question: Question,
  sides: readonly Side<string>[],
): Promise<void> {
  const product = sides.find(({ name }) => name === "ours");
  if (product) {
    await answers(container, question, product);
    if (question.path === "/page") await copyPage(container, question, product);
  }
  for (const side of sides) await answers(container, question, side);
  const bodies = new Set<string>();
  for (const side of sides) {
    const decoded = [...CURL, "--compressed", ...header(question), url(question, side)];
    bodies.add(await container.run(["sh", "-c", '"$@" | sha256sum', "sh", ...decoded], MARGIN));
  }
  if (bodies.size !== 1) throw new Error(`${question.path}: the sides answer differently`);
}

async function answers(container: Container, question: Question, side: Side<string>): Promise<void> {
  try {
    await container.run([...CURL, ...PATIENT, "--output", "/dev/null", url(question, side)], MARGIN);
  } catch (error) {
    const logs = await Promise.all(side.servers.map(({ name }) => container.log(name)));
    throw new Error(`${side.name} does not answer:\n${logs.join("\n")}`, { cause: error });
  }
}

/** Gives the raw side the bytes that the product sends: the page that it made, compressed as it did. */
async function copyPage(container: Container, question: Question, product: Side<string>): Promise<void> {
  for (const [file, accept] of Object.entries(COPIES)) {
    const how = [...header({ ...question, accept }), "--output", file];
    await container.run([...CURL, ...how, url(question, product)], MARGIN);
  }
}

/** How many bytes a side sends: an answer with its head, or the server's part of a handshake. */
export async function bytesOf(container: Container, question: Question, side: Side<string>): Promise<number> {
  if (overTls(question)) {
    const version = question.load.kind === "s_time" && question.load.version === "1.3" ? "-tls1_3" : "-tls1_2";
    const script = `openssl s_client -connect 127.0.0.1:${portOf(question, side)} ${version} </dev/null 2>&1`;
    const [, bytes] = /handshake has read (\d+) bytes/.exec(await container.run(["sh", "-c", script], MARGIN)) ?? [];
    return Number(bytes);
  }
  const sizes = ["--raw", "--output", "/dev/null", "--write-out", "%{size_header} %{size_download}"];
  const printed = await container.run([...CURL, ...sizes, ...header(question), url(question, side)], MARGIN);
  return printed.split(" ").reduce((sum, size) => sum + Number(size), 0);
}
