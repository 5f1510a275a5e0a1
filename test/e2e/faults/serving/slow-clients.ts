/**
 * A program that sends requests four bytes a second, on so many connections as it is told: a process of its own, so that it
 * takes nothing from the visitors whose requests are measured. Told to end, it says how it fared.
 */
import { connect } from "node:net";
import { performance } from "node:perf_hooks";

/** What is sent slowly: the head of a request, or the body behind a head that came at once. */
export type Part = "head" | "body";

export interface Fared {
  readonly connected: number;
  /** After how many seconds each that was cut off was, counted from its connection. */
  readonly cut: readonly number[];
}

const [port, count, part] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const BEGIN = {
  head: "GET /quick/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
  body: "POST /upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n",
};

let connected = 0;
const cut: number[] = [];
for (let number = 0; number < count; number++) {
  const socket = connect(port, "127.0.0.1", () => {
    connected++;
    const since = performance.now();
    socket.write(BEGIN[part as Part]);
    const timer = setInterval(() => socket.write("slow"), 1000);
    socket.on("close", () => {
      clearInterval(timer);
      cut.push((performance.now() - since) / 1000);
    });
  });
  socket.on("error", () => undefined); // "close" follows
  socket.on("end", () => socket.destroy());
  socket.resume();
}

process.on("message", () => {
  process.send?.({ connected, cut } satisfies Fared, () => process.exit(0));
});
process.on("disconnect", () => process.exit(1));
