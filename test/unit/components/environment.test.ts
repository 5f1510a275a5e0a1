import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { appEnvironment } from "../../../components/host/environment.ts";
import { hardened, hardenedRun } from "../../../components/host/hardening.ts";

const around = {
  variables: { SECRET_KEY: "key", DATABASE_URL: "sqlite:////srv/data/db.sqlite3" },
  allowedHosts: ["localhost", ".example.com", "[::1]"],
  origin: { scheme: "http", port: 8080 },
  env: {},
} as const;

describe("the application's environment", () => {
  it("names trusted origins with their port and subdomains", () => {
    assert.deepEqual(appEnvironment(around), {
      SECRET_KEY: "key",
      ALLOWED_HOSTS: "localhost,.example.com,[::1]",
      CSRF_TRUSTED_ORIGINS: "http://localhost:8080,http://*.example.com:8080,http://[::1]:8080",
      DATABASE_URL: "sqlite:////srv/data/db.sqlite3",
      SITE_SCHEME: "http",
    });
  });

  it("leaves out the port that belongs to the scheme", () => {
    const { CSRF_TRUSTED_ORIGINS } = appEnvironment({
      ...around,
      allowedHosts: ["a.b"],
      origin: { scheme: "https", port: 443 },
    });
    assert.equal(CSRF_TRUSTED_ORIGINS, "https://a.b");
  });

  it("lets the user bring a SECRET_KEY, and names the media folder only where there is one", () => {
    const env = appEnvironment({ ...around, mediaRoot: "/srv/media", env: { SECRET_KEY: "mine", DEBUG_LEVEL: "2" } });
    assert.equal(env.SECRET_KEY, "mine");
    assert.equal(env.DEBUG_LEVEL, "2");
    assert.equal(env.MEDIA_ROOT, "/srv/media");
  });
});

describe("hardening", () => {
  it("says the same to docker.Container and to docker run", () => {
    assert.deepEqual(hardened(32), {
      readOnly: true,
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=32m" },
    });
    assert.deepEqual(hardenedRun(32), [
      "--read-only",
      ...["--tmpfs", "/tmp:rw,noexec,nosuid,nodev,size=32m"],
      ...["--cap-drop", "ALL"],
      ...["--security-opt", "no-new-privileges:true"],
    ]);
  });
});
