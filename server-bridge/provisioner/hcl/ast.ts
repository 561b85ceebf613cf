import type { SourcePosition } from '../template-error.ts'

/**
 * HCL's native syntax as a tree. Every node knows its place, so that what is wrong with a template can be said where
 * it stands. Grammar: HashiCorp, "HCL Native Syntax Specification".
 */

export type Expression =
  | {
      readonly kind: 'literal'
      readonly value: string | number | boolean | null
      readonly at: SourcePosition
    }
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[]; readonly at: SourcePosition }
  | { readonly kind: 'variable'; readonly name: string; readonly at: SourcePosition }
  | {
      readonly kind: 'attribute'
      readonly target: Expression
      readonly name: string
      readonly at: SourcePosition
    }
  | {
      readonly kind: 'index'
      readonly target: Expression
      readonly key: Expression
      readonly at: SourcePosition
    }
  /** `target[*]` or `target.*`; `each` is what follows it, applied to every element of the splat item. */
  | {
      readonly kind: 'splat'
      readonly target: Expression
      readonly each: Expression
      readonly at: SourcePosition
    }
  /** The element a splat is at. */
  | { readonly kind: 'splat-item'; readonly at: SourcePosition }
  | {
      readonly kind: 'unary'
      readonly operator: '-' | '!'
      readonly operand: Expression
      readonly at: SourcePosition
    }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
      readonly at: SourcePosition
    }
  | {
      readonly kind: 'conditional'
      readonly condition: Expression
      readonly whenTrue: Expression
      readonly whenFalse: Expression
      readonly at: SourcePosition
    }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly args: readonly Expression[]
      /** The last argument is a list of further arguments (`...`). */
      readonly expandLast: boolean
      readonly at: SourcePosition
    }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[]; readonly at: SourcePosition }
  | { readonly kind: 'object'; readonly items: readonly ObjectItem[]; readonly at: SourcePosition }
  | ForExpression

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%'

export interface ObjectItem {
  readonly key: Expression
  readonly value: Expression
}

export interface ForExpression {
  readonly kind: 'for'
  readonly keyName: string | undefined
  readonly valueName: string
  readonly collection: Expression
  /** Set for an object result. */
  readonly key: Expression | undefined
  readonly value: Expression
  readonly condition: Expression | undefined
  /** `...`: values of equal keys are gathered in lists. */
  readonly grouped: boolean
  readonly at: SourcePosition
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'interpolation'; readonly expression: Expression }
  | {
      readonly kind: 'if'
      readonly condition: Expression
      readonly whenTrue: readonly TemplatePart[]
      readonly whenFalse: readonly TemplatePart[]
    }
  | {
      readonly kind: 'for'
      readonly keyName: string | undefined
      readonly valueName: string
      readonly collection: Expression
      readonly body: readonly TemplatePart[]
      readonly at: SourcePosition
    }

export interface Attribute {
  readonly name: string
  readonly expression: Expression
  readonly at: SourcePosition
}

export interface Block {
  readonly type: string
  readonly labels: readonly string[]
  readonly body: Body
  readonly at: SourcePosition
}

export interface Body {
  /** Terraform has checked it and added to it: an argument that nobody asks for is no mistake. */
  readonly isChecked?: true
  readonly attributes: ReadonlyMap<string, Attribute>
  readonly blocks: readonly Block[]
}
