// The provider of @pulumi/aws for tests: a strict in-memory AWS. It is told where it is by the environment: AWS_REGION,
// WSGI_ON_AWS_WORLD (a folder), WSGI_ON_AWS_REGISTRY (host:port) and WSGI_ON_AWS_SEED (a file, may be missing).
import { main } from "@pulumi/pulumi/provider/index.js";
import { endWithParent } from "../end-with-parent.ts";
import { placeFromEnvironment } from "./place.ts";
import { VERSION } from "./plugin.ts";
import { awsProvider } from "./provider.ts";

endWithParent();
await main(awsProvider(VERSION, placeFromEnvironment()), process.argv.slice(2));
