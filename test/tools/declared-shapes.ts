import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The shape of a property: of the `.d.ts` here, and of the provider's own answer. */
export interface Shape {
  readonly type: string;
  readonly elem?: Shape;
  readonly fields?: Readonly<Record<string, Shape>>;
  readonly required?: boolean;
  /** Whether a program can set it; only in the provider's answer. */
  readonly input?: boolean;
}
export type Shapes = Readonly<Record<string, Shape>>;

/** What the `.d.ts` files of an npm package of Pulumi say about one token, or about its provider. */
export interface Declared {
  /** What a program sets: the arguments of a resource, of a function or of the provider. */
  readonly inputs: Shapes;
  /** What it gets: the fields of a resource's class or of a function's result. */
  readonly outputs: Shapes;
}

/** @param folder the npm package; throws where a token has no file there. */
export function declarations(folder: string): (token: string) => Declared {
  const parse = (file: string): ts.SourceFile =>
    ts.createSourceFile(file, readFileSync(join(folder, file), "utf8"), ts.ScriptTarget.Latest, true);
  const nestedInputs = interfaces(parse("types/input.d.ts"));
  const nestedOutputs = interfaces(parse("types/output.d.ts"));
  return (token) => {
    const name = token === "provider" ? "Provider" : (token.split(":").at(-1) ?? token);
    const source = parse(`${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`);
    const found = interfaces(source);
    const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const result = found.get(`${capital}Result`);
    const resource = source.statements.filter(ts.isClassDeclaration).find((each) => each.name?.text === name);
    return {
      inputs: membersOf(found.get(`${capital}Args`)?.members ?? [], nestedInputs),
      outputs: name === "Provider" ? {} : membersOf(result?.members ?? resource?.members ?? [], nestedOutputs),
    };
  };
}

type Library = ReadonlyMap<string, ts.InterfaceDeclaration>;

function interfaces(source: ts.SourceFile): Library {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const walk = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

function membersOf(members: readonly ts.Node[], library: Library): Shapes {
  const shapes: Record<string, Shape> = {};
  for (const member of members) {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
    if (member.type === undefined || member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
      continue;
    shapes[member.name.getText()] = { ...shapeOf(member.type, library), required: member.questionToken === undefined };
  }
  return shapes;
}

function shapeOf(node: ts.TypeNode, library: Library): Shape {
  if (ts.isUnionTypeNode(node)) {
    const first = node.types.find(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
    return first === undefined ? { type: "undefined" } : shapeOf(first, library);
  }
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type, library);
  if (ts.isArrayTypeNode(node)) return { type: "array", elem: shapeOf(node.elementType, library) };
  if (ts.isTypeLiteralNode(node)) {
    const [index] = node.members;
    if (index !== undefined && ts.isIndexSignatureDeclaration(index))
      return { type: "map", elem: shapeOf(index.type, library) };
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    const [inner] = node.typeArguments ?? [];
    if (/^pulumi\.(Input|Output)$/.test(name) && inner !== undefined) return shapeOf(inner, library);
    if (name.startsWith("enums.")) return { type: "string" };
    const nested = library.get(name.split(".").at(-1) ?? name);
    if (nested !== undefined) return { type: "object", fields: membersOf(nested.members, library) };
  }
  return { type: node.getText() };
}
