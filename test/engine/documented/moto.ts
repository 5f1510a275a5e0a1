import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../tools/free-port.ts";
import { virtualEnvironment } from "../../virtual-environment.ts";

const S3 = "http://s3.eu-central-1.amazonaws.com";

/** moto's server: S3 and KMS on loopback, which keep and encrypt what they are given. */
export class Moto {
  /** Folder of the `aws` command. */
  readonly bin: string;
  readonly #port: number;
  readonly #server: ChildProcess;

  private constructor(bin: string, port: number, server: ChildProcess) {
    this.bin = bin;
    this.#port = port;
    this.#server = server;
  }

  static async start(): Promise<Moto> {
    const bin = await virtualEnvironment("moto", join(import.meta.dirname, "requirements.txt"));
    const port = await freePort();
    const options = ["-H", "127.0.0.1", "-p", String(port)];
    const moto = new Moto(bin, port, spawn(join(bin, "moto_server"), options, { stdio: "ignore" }));
    for (let attempt = 0; !(await moto.#answers()); attempt++) {
      if (attempt > 150) throw new Error("moto does not start");
      await sleep(200);
    }
    return moto;
  }

  /** A bucket is a host name of S3's, which only a proxy finds on loopback; everything else is asked by its own address. */
  get environment(): Record<string, string> {
    const url = `http://127.0.0.1:${this.#port}`;
    return { AWS_ENDPOINT_URL_S3: S3, HTTP_PROXY: url, AWS_ENDPOINT_URL_KMS: url };
  }

  async stop(): Promise<void> {
    const ended = once(this.#server, "exit");
    this.#server.kill();
    await ended;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.#port}/moto-api/`)).ok;
    } catch {
      return false;
    }
  }
}
