import { request, type IncomingHttpHeaders } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Files = Readonly<Record<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }>>;

/** A browser as far as these tests need one: it keeps cookies and says where a form came from; redirects it leaves alone. */
export class Visitor {
  readonly #port: number;
  readonly #cookies = new Map<string, string>();

  constructor(port: number) {
    this.#port = port;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#ask("GET", path, headers);
  }

  /** Sends a form of Django's, with the token of the page that shows it; files make it a multipart one. */
  async submit(path: string, fields: Readonly<Record<string, string>>, files: Files = {}): Promise<Answer> {
    const page = await this.get(path);
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
    const all = { csrfmiddlewaretoken: token, ...fields };
    if (Object.keys(files).length === 0) {
      return this.#post(path, "application/x-www-form-urlencoded", new URLSearchParams(all).toString());
    }
    const form = new FormData();
    for (const [name, value] of Object.entries(all)) form.set(name, value);
    for (const [name, { bytes, type }] of Object.entries(files))
      form.set(name, new Blob([bytes], { type }), `${name}.${type.split("/").at(-1) ?? ""}`);
    const encoded = new Response(form); // the platform's own multipart encoder
    const body = Buffer.from(await encoded.arrayBuffer());
    return this.#post(path, encoded.headers.get("content-type") ?? "", body);
  }

  /** A form as it is, with headers of one's own. */
  post(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#ask("POST", path, { "Content-Type": "application/x-www-form-urlencoded", ...headers }, body);
  }

  /** Logs in to Django's admin. */
  logIn(username: string, password: string): Promise<Answer> {
    return this.submit("/admin/login/?next=/admin/", { username, password });
  }

  #post(path: string, type: string, body: string | Buffer): Promise<Answer> {
    const origin = `http://127.0.0.1:${this.#port}`;
    return this.#ask("POST", path, { "Content-Type": type, Origin: origin, Referer: origin + path }, body);
  }

  #ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string | Buffer,
  ): Promise<Answer> {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const all = { ...(cookies && { Cookie: cookies }), ...headers };
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: "127.0.0.1", port: this.#port, path, method, headers: all }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          for (const cookie of incoming.headers["set-cookie"] ?? []) this.#keep(cookie);
          const { statusCode: status = 0, headers: answered } = incoming;
          resolve({ status, headers: answered, body: Buffer.concat(chunks).toString() });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  #keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
  }
}
