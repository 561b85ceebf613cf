/**
 * What we set differently from typescript-eslint's strict and stylistic sets, with the reason for each.
 *
 * @type {import('eslint').Linter.RulesRecord}
 */
export const typescriptRules = {
  // Numbers and booleans print as themselves.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
  // `() => emit(x)` is clear without braces.
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // React awaits nothing, and an event handler that is async is still a handler.
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  // `interface` or `type`: whichever reads better, most types are inferred from schemas.
  '@typescript-eslint/consistent-type-definitions': 'off',
  // A port's method stays async when one implementation has nothing to wait for.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions', 'methods'] }],
  '@typescript-eslint/no-unnecessary-condition': [
    'error',
    { allowConstantLoopConditions: 'only-allowed-literals' },
  ],
  // An empty string often means "not given" (a form field, a Coder field), so `||` can be right for strings.
  '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
  ],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
  ],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-invalid-void-type': [
    'error',
    { allowAsThisParameter: true, allowInGenericTypeArguments: true },
  ],
  // Ports and services are objects of closures, without `this`; the few classes keep their state in #private fields.
  '@typescript-eslint/unbound-method': 'off',
  // `!` is banned, so an assertion cannot be asked to become one.
  '@typescript-eslint/non-nullable-type-assertion-style': 'off',
  // [...text] gives characters where text.split('') would cut them.
  '@typescript-eslint/no-misused-spread': ['error', { allow: [{ from: 'lib', name: 'string' }] }],
  // `satisfies` and `as const` are fine; an assertion on an object literal hides missing fields.
  '@typescript-eslint/consistent-type-assertions': [
    'error',
    { assertionStyle: 'as', objectLiteralTypeAssertions: 'allow-as-parameter' },
  ],
}

/**
 * Tests read JSON answers and index arrays they just built; being wrong there fails the test anyway.
 *
 * @type {import('eslint').Linter.RulesRecord}
 */
export const testRules = {
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/consistent-type-assertions': 'off',
  'outpost/function-size': 'off',
  'outpost/no-environment': 'off',
  'outpost/no-raw-colour': 'off',
  'max-params': 'off',
  complexity: 'off',
}
