import js from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import typescript from "typescript-eslint";

export default defineConfig(
  globalIgnores(["app/", ".local/", "node_modules/", "test/types/"]),
  js.configs.recommended,
  {
    files: ["**/*.cjs"],
    languageOptions: {
      globals: { require: "readonly", process: "readonly", console: "readonly", __dirname: "readonly" },
    },
  },
  {
    files: ["**/*.ts"],
    extends: [typescript.configs.strictTypeChecked],
    plugins: { "@pulumi": pulumi },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name='apply'] NewExpression:not([callee.name=/(Error|Map|Set|Date|URL)$/])",
          message:
            "A resource created inside apply is missing from the preview: decide which resources exist from plain values.",
        },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    // node:test returns promises that its runner awaits.
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
);
