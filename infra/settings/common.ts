import { z } from "zod";
import { path as asPath, time as asTime } from "../../components/nginx/values.ts";
import { serving } from "./serving.ts";
import { expects, list, oneOf, size, text, urlPath, variable } from "./values.ts";
import { workers } from "./workers.ts";

const debianPackage = text(/^[a-z0-9][a-z0-9+.-]+$/, "a Debian package", 'a name such as "libpq5"');
const noControl = /^\P{Cc}*$/u;

/** What every host has. */
export const common = {
  projectDir: text(/^[^\0]+$/, "a folder", '"app" or a path to your project')
    .default("app")
    .describe("Folder of the Django (or other WSGI) project, absolute or relative to the repository."),
  ...workers,
  framework: oneOf(["django", "wsgi"])
    .optional()
    .describe("Default: django where the project has a manage.py, else wsgi."),
  settingsModule: text(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, "a Python module", '"mysite.settings"')
    .optional()
    .describe("Django settings module. Default: the one that the WSGI module or manage.py names."),
  settingsOverlay: z
    .boolean(expects("true or false", "true or false"))
    .default(true)
    .describe(
      "Lay the environment (hosts, database, static files, proxy header) over the project's own settings. Without it a database on AWS gets a password that nobody rotates.",
    ),
  pythonBase: text(/^[a-z0-9][a-z0-9._/:@-]*$/, "an image", '"debian:13-slim" or "python:3.14-slim"')
    .default("debian:13-slim")
    .describe("Base image of the application, Debian-based."),
  dockerfile: text(/^[^\0]+$/, "a file", '"Dockerfile"')
    .optional()
    .describe("Your own Dockerfile with the targets `gunicorn` and `nginx`, relative to projectDir. Default: ours."),
  systemPackages: z
    .strictObject(
      {
        build: list(debianPackage, '["gcc", "libpq-dev"]').default([]).describe("Needed to install the requirements."),
        run: list(debianPackage, '["libpq5"]').default([]).describe("Needed by the running application."),
      },
      expects("a mapping", "build: and run: with lists of packages"),
    )
    .prefault({})
    .describe("Debian packages in the image of the application."),
  packageIndex: text(
    /^https?:\/\/[^\s@]+$/,
    "a URL without a password, which would stand in the state",
    '"https://pypi.example.com/simple"',
  )
    .optional()
    .describe("Python package index for the build. Default: PyPI."),
  extraCaFile: text(/^[^\0]+$/, "a file", "the path of a PEM file")
    .optional()
    .describe("Certificates (PEM) that the build trusts besides Debian's, for networks with a TLS proxy."),

  requestTimeout: text(/^[1-9]\d{0,2}s$/, "a time of 1s to 600s", '"30s"')
    .transform(asTime)
    .prefault("30s")
    .describe("Longest answer of the application; every other time-out is derived from it."),
  uploadLimit: size.prefault("10m").describe("Largest request body."),
  ...serving,
  healthPath: urlPath
    .transform(asPath)
    .prefault("/healthz")
    .describe("Path at which the application says that it lives; any answer below 500 counts."),

  env: z
    .record(
      variable,
      z
        .union([z.string(), z.number(), z.boolean()], expects("plain text", "a text"))
        .transform(String)
        .refine((value) => noControl.test(value), "holds a control character. Write one line of text."),
      expects("a mapping", "NAME: value"),
    )
    .prefault({})
    .describe("Plain environment variables of the application."),
  releaseCommand: list(z.string(expects("a word", "each word as a text")).min(1), '["python", "manage.py", "migrate"]')
    .optional()
    .describe(
      "Run once for each new version, before it serves; [] for none. Default: migrate for Django, none for others.",
    ),
};
