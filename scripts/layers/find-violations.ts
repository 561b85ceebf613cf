import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { RULES } from './rules.ts'

const FOLDERS = ['server-bridge', 'preload', 'main', 'renderer', 'e2e', 'bench', 'scripts']

export interface LayerViolation {
  readonly rule: string
  readonly from: string
  readonly to: string
  readonly comment: string
}

/** Checks the imports of every source file under a root against the layers. */
export async function findViolations(root: string): Promise<{ files: number; violations: LayerViolation[] }> {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const { output } = await cruise(folders, {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: [...RULES] },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^scripts/[^/]+/fixtures/' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  })
  const { modules, summary } = output as ICruiseResult
  const violations = summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    from,
    to: cycle === undefined ? to : cycle.map((step) => step.name).join(' → '),
    comment: RULES.find(({ name }) => name === rule.name)?.comment ?? '',
  }))
  return {
    files: modules.filter(({ source }) => FOLDERS.some((f) => source.startsWith(`${f}/`))).length,
    violations,
  }
}
