/**
 * Recursion. In: the declarations of a file and what they refer to. Out: those that are defined in terms of themselves.
 * A depth-first search over references; each cycle is reported once, where it closes.
 */
import type { Declaration } from "../../source/ast.ts";
import { referencesOf } from "./references.ts";
import type { Report } from "../../source/report.ts";
import { lookUp, type FileScope } from "./scope.ts";

const nameOf = (declaration: Declaration, fallback: string): string =>
  "name" in declaration ? declaration.name.text : fallback;

/** Adds to `cyclic` every declaration on a cycle. Dims of one list count apart. */
export function findCycles(file: FileScope, report: Report, cyclic: Set<object>): void {
  const done = new Set<string>(),
    open: { key: string; name: string; declaration: Declaration }[] = [];
  const visit = (scope: FileScope, name: string): void => {
    const found = lookUp(scope, name);
    if (found?.kind !== "declared") return;
    const { declaration, file: home, position } = found.declared;
    const key = `${home.source.name}@${declaration.span.start}.${position}`;
    if (done.has(key) || home.standard.length === 0) return;
    open.push({ key, name, declaration });
    const item =
      declaration.kind === "dim"
        ? { ...declaration, items: declaration.items.slice(position, position + 1) }
        : declaration;
    for (const reference of referencesOf(item)) {
      const to = lookUp(home, reference.text);
      if (to?.kind !== "declared") continue;
      const start = open.findIndex(
        (o) =>
          o.key === `${to.declared.file.source.name}@${to.declared.declaration.span.start}.${to.declared.position}`,
      );
      if (start < 0) {
        visit(home, reference.text);
        continue;
      }
      const members = open.slice(start);
      for (const m of members) cyclic.add(m.declaration);
      report.add("ADK0205", reference.span, {
        cycle: [
          ...members.map((m) => nameOf(m.declaration, m.name)),
          nameOf(members[0]!.declaration, members[0]!.name),
        ],
      });
    }
    open.pop();
    done.add(key);
  };
  for (const name of file.entries.keys()) visit(file, name);
}
