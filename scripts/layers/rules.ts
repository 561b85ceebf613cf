import type { IForbiddenRuleType } from 'dependency-cruiser'
import { LAYERS, type Layer } from './layers.ts'

/** Tests and what only tests load: they may reach across layers to build what they need. */
const TEST_CODE =
  '[.](test|contract|conformance|soak)[.]tsx?$|^(server-bridge|main|renderer)/testing/|^scripts/vitest/'
const NOT_TYPE_ONLY = { dependencyTypesNot: ['type-only' as const, 'type-import' as const] }
const RUNTIME_CODE = '^(server-bridge|main)/'

/** Files that a tool or a person starts, so nothing imports them. */
const ENTRIES = [
  '[.]d[.]ts$',
  '[.]config[.](ts|js)$',
  '^scripts/',
  '^server-bridge/bin/',
  '^(main|preload)/index[.]ts$',
  '^renderer/[^/]+[.]tsx?$',
  '^renderer/preview/',
  '^e2e/',
  '^bench/',
]

const packagePath = (name: string): string => `node_modules/${name.replaceAll('.', '[.]')}/`

/** The places of earlier layers that lie inside this one, such as `reconnect` inside `client`. */
function earlierPlaces(layer: Layer): string[] {
  return LAYERS.slice(0, LAYERS.indexOf(layer)).map((earlier) => earlier.place)
}

function layerRules(layer: Layer): IForbiddenRuleType[] {
  const from = { path: layer.place, pathNot: [TEST_CODE, ...earlierPlaces(layer)] }
  const allowed = [layer.place, ...layer.imports]
  const rules: IForbiddenRuleType[] = [
    {
      name: `layer-${layer.name}`,
      comment: `${layer.place} may import only ${layer.imports.join(', ') || 'its own files'}`,
      severity: 'error',
      from,
      to: {
        dependencyTypes: ['local', 'aliased-subpath-import'],
        path: '^(?!.*node_modules/)',
        // Who wants to know the app's version may read it.
        pathNot: [...allowed, ...(layer.types ?? []), '^package[.]json$'],
      },
    },
  ]
  if (layer.types !== undefined) {
    rules.push({
      name: `layer-${layer.name}-types`,
      comment: `${layer.place} may import types, not values, from ${layer.types.join(', ')}`,
      severity: 'error',
      from,
      to: { path: [...layer.types], pathNot: [...allowed], ...NOT_TYPE_ONLY },
    })
  }
  if (layer.packages !== undefined) {
    rules.push({
      name: `packages-${layer.name}`,
      comment: `${layer.place} may use only these packages: ${layer.packages.join(', ') || 'none'}`,
      severity: 'error',
      from,
      to: { path: 'node_modules/', pathNot: layer.packages.map(packagePath), ...NOT_TYPE_ONLY },
    })
  }
  if (layer.node !== undefined) {
    rules.push({
      name: `node-${layer.name}`,
      comment: `${layer.place} may use of Node: ${layer.node.join(', ') || 'nothing'}`,
      severity: 'error',
      from,
      to: { dependencyTypes: ['core'], pathNot: layer.node.map((name) => `^${name}$`) },
    })
  }
  return rules
}

const acrossLayers: readonly IForbiddenRuleType[] = [
  {
    name: 'electron-values',
    comment: 'Electron is used through ports; only these files touch it. Types are fine everywhere in main.',
    severity: 'error',
    from: { path: RUNTIME_CODE, pathNot: ['^main/shell/', '^main/index[.]ts$'] },
    to: { path: packagePath('electron'), ...NOT_TYPE_ONLY },
  },
  {
    name: 'electron-types',
    comment: 'server-bridge also runs under plain Node, and the renderer has no Electron at all.',
    severity: 'error',
    from: { path: '^(server-bridge|renderer|preload/contract)/' },
    to: { path: packagePath('electron') },
  },
  {
    name: 'feature-of-main',
    comment: 'Features of main meet in main/app.ts, where one is given to the other.',
    severity: 'error',
    from: { path: '^main/features/([^/]+)/', pathNot: TEST_CODE },
    to: { path: '^main/features/', pathNot: '^main/features/$1/', ...NOT_TYPE_ONLY },
  },
  {
    name: 'feature-public-face',
    comment: "A feature imports another one through that one's index.ts only.",
    severity: 'error',
    from: { path: '^renderer/features/([^/]+)/' },
    to: {
      path: '^renderer/features/',
      pathNot: ['^renderer/features/$1/', '^renderer/features/[^/]+/index[.]tsx?$'],
    },
  },
  {
    name: 'testing-in-tests',
    comment: 'Fakes and builders never end up in the product.',
    severity: 'error',
    // The preview shows the renderer on the fake bridge; it is no part of the app.
    from: { path: '^(server-bridge|preload|main|renderer)/', pathNot: [TEST_CODE, '^renderer/preview/'] },
    to: { path: TEST_CODE },
  },
  {
    name: 'no-dev-dependency',
    comment: 'What main, the bridge, the server or the agent use at run time belongs to "dependencies".',
    severity: 'error',
    from: { path: RUNTIME_CODE, pathNot: TEST_CODE },
    to: { dependencyTypes: ['npm-dev'], pathNot: packagePath('electron'), ...NOT_TYPE_ONLY },
  },
  {
    name: 'declared-packages',
    comment: 'Whatever is imported stands in package.json.',
    severity: 'error',
    // The bare app that benchmarks compare with has a package.json of its own.
    from: { pathNot: '^bench/reference/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], ...NOT_TYPE_ONLY },
  },
  {
    name: 'resolvable',
    comment: 'The import leads nowhere.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: '^(electron|virtual:|vite/)|[?](worker|url|raw)' },
  },
  {
    name: 'no-cycles',
    comment: 'Cut the cycle: move what both need into a file of its own, or pass it as an argument.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'Nothing imports this file and nothing starts it.',
    severity: 'error',
    from: { orphan: true, pathNot: [...ENTRIES, TEST_CODE] },
    to: {},
  },
]

/** All rules: the table of layers and what holds across it. */
export const RULES: readonly IForbiddenRuleType[] = [...LAYERS.flatMap(layerRules), ...acrossLayers]
