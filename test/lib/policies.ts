import { type Template, resourcesOf } from './assembly.ts';

/** A statement of an identity policy. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The actions of a statement, always as a list. */
export const actionsOf = ({ Action }: Statement): readonly string[] => (typeof Action === 'string' ? [Action] : Action);

/** What a template's policies allow a role, by the role's logical id. */
export const allows = (template: Template, roleId: string): readonly Statement[] =>
  resourcesOf(template, 'AWS::IAM::Policy')
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === roleId))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Effect }: Statement) => Effect === 'Allow');
