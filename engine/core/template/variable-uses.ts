import Handlebars from 'handlebars';

/** A place where a template writes a variable. */
interface VariableUse {
  readonly name: string;
  readonly line: number;
  /** Not set if the value is written as it is. */
  readonly helper?: string;
}

/** Every place where a template that compiles writes a variable; what only decides an `if` is none. */
export function variableUses(text: string): VariableUse[] {
  const uses: VariableUse[] = [];
  const visit = (program: hbs.AST.Program | undefined): void => {
    for (const statement of program?.body ?? []) {
      if (statement.type === 'MustacheStatement') {
        const { path, params, loc } = statement as hbs.AST.MustacheStatement;
        const [param] = params as hbs.AST.PathExpression[];
        const { original } = path as hbs.AST.PathExpression;
        uses.push({ name: param?.original ?? original, line: loc.start.line, ...(param ? { helper: original } : {}) });
      }
      const { program: then, inverse } = statement as Partial<hbs.AST.BlockStatement>;
      visit(then);
      visit(inverse);
    }
  };
  visit(Handlebars.parseWithoutProcessing(text));
  return uses;
}
