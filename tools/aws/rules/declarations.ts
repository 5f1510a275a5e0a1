import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What the declaration files of `@pulumi/aws` say about one input. */
export interface Declared {
  readonly name: string;
  readonly required: boolean;
  readonly list: boolean;
  readonly type?: "string" | "number" | "boolean";
  /** Inputs of the object, or of each object of the list. */
  readonly properties?: readonly Declared[];
  readonly documentation: string;
}

/** Reads the inputs of resource types out of the npm package. */
export class Declarations {
  readonly #folder: string;
  readonly #nested: Map<string, ts.InterfaceDeclaration>;

  constructor(folder: string) {
    this.#folder = folder;
    this.#nested = interfacesOf(parsed(join(folder, "types/input.d.ts")));
  }

  /** @param token as `aws:ecs/service:Service` */
  of(token: string): readonly Declared[] {
    const [, path = "", name = ""] = token.split(":");
    const found = interfacesOf(parsed(join(this.#folder, `${path}.d.ts`))).get(`${name}Args`);
    if (found === undefined) throw new Error(`@pulumi/aws declares no ${name}Args in ${path}.d.ts`);
    return this.#properties(found, 0);
  }

  #properties(declaration: ts.InterfaceDeclaration, depth: number): Declared[] {
    return declaration.members.filter(ts.isPropertySignature).map((member) => {
      const { list, type, nested } = this.#shape(member.type, depth);
      return {
        name: (member.name as ts.Identifier).text,
        required: member.questionToken === undefined,
        list,
        ...(type && { type }),
        ...(nested && { properties: nested }),
        documentation: ts
          .getJSDocCommentsAndTags(member)
          .map((each) => ts.getTextOfJSDocComment(each.comment) ?? "")
          .join("\n"),
      };
    });
  }

  /** Looks through `pulumi.Input<… | undefined>` and lists. */
  #shape(
    node: ts.TypeNode | undefined,
    depth: number,
  ): { list: boolean; type?: Declared["type"]; nested?: Declared[] } {
    if (node === undefined) return { list: false };
    if (ts.isUnionTypeNode(node)) {
      const [first] = node.types.filter((each) => each.kind !== ts.SyntaxKind.UndefinedKeyword);
      return this.#shape(first, depth);
    }
    if (ts.isArrayTypeNode(node)) return { ...this.#shape(node.elementType, depth), list: true };
    if (node.kind === ts.SyntaxKind.StringKeyword) return { list: false, type: "string" };
    if (node.kind === ts.SyntaxKind.NumberKeyword) return { list: false, type: "number" };
    if (node.kind === ts.SyntaxKind.BooleanKeyword) return { list: false, type: "boolean" };
    if (!ts.isTypeReferenceNode(node)) return { list: false };
    if (node.typeName.getText() === "pulumi.Input") return this.#shape(node.typeArguments?.[0], depth);
    const declaration = this.#nested.get(node.typeName.getText().replace(/^inputs\./, ""));
    return { list: false, ...(declaration && depth < 6 && { nested: this.#properties(declaration, depth + 1) }) };
  }
}

const parsed = (file: string) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);

/** Interfaces by name, those of a namespace with its name in front. */
function interfacesOf(source: ts.SourceFile): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Node, prefix: string): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(prefix + node.name.text, node);
    else if (ts.isModuleDeclaration(node) && node.body)
      ts.forEachChild(node.body, (child) => {
        visit(child, `${prefix}${node.name.text}.`);
      });
  };
  ts.forEachChild(source, (node) => {
    visit(node, "");
  });
  return found;
}
