import type { ArchiveFiles } from './archive.ts'
import { unknownFunction } from './eval/evaluate.ts'
import { findUnknownCalls } from './eval/unknown-functions.ts'
import type { Block, Expression } from './hcl/ast.ts'
import { parseFile } from './hcl/parse-body.ts'
import { TemplateError, type SourcePosition } from './template-error.ts'

const maxSourceBytes = 1024 * 1024

/** What the built-in provisioner can make true on one machine. */
const supportedResources = new Set([
  'coder_agent',
  'coder_app',
  'coder_env',
  'coder_metadata',
  'coder_script',
])
const supportedData = new Set([
  'coder_parameter',
  'coder_provisioner',
  'coder_workspace',
  'coder_workspace_owner',
  'coder_workspace_preset',
])
/** Of the coder provider, but about things that only a Coder deployment has: Terraform would not help. */
const deploymentOnly = new Map([
  ['coder_ai_task', 'tasks for AI agents'],
  ['coder_devcontainer', 'dev containers'],
  ['coder_external_agent', 'agents that are started elsewhere'],
  ['coder_external_auth', 'sign-in with other services'],
  ['coder_agent_instance', 'agents that prove who they are by their cloud'],
  ['coder_secret', 'secrets of users'],
  ['coder_workspace_tags', 'provisioners chosen by tags'],
])
/** Settings of Terraform itself, results nobody reads here, and what only concerns a state. */
const ignoredBlocks = new Set(['terraform', 'output', 'provider', 'moved', 'removed'])

/** A `data` or `resource` block. */
export interface TypedBlock {
  readonly type: string
  readonly name: string
  readonly block: Block
}

/** The `.tf` files of a template, sorted by kind. */
export interface TemplateModule {
  readonly files: ArchiveFiles
  readonly readme: string
  readonly variables: ReadonlyMap<string, Block>
  readonly locals: ReadonlyMap<string, Expression>
  readonly data: readonly TypedBlock[]
  readonly resources: readonly TypedBlock[]
}

/** Something the built-in provisioner cannot make. */
export interface Beyond {
  readonly error: TemplateError
  /** Terraform can; the rest only a Coder deployment has. */
  readonly byTerraform: boolean
}

/** A template as far as it can be read. */
export interface ScannedTemplate extends TemplateModule {
  readonly beyond: readonly Beyond[]
}

/**
 * Reads the template in an archive's top folder.
 *
 * @throws {TemplateError} for what is no HCL, is declared twice, or is beyond the built-in provisioner.
 */
export function readTemplateModule(files: ArchiveFiles): TemplateModule {
  const module = scanTemplate(files)
  const [first] = module.beyond
  if (first !== undefined) throw first.error
  return module
}

/** As `readTemplateModule`, for a template that Terraform may run. @throws {TemplateError} for what is no template. */
export function scanTemplate(files: ArchiveFiles): ScannedTemplate {
  const module = {
    files,
    readme: decode(files.get('README.md')),
    variables: new Map<string, Block>(),
    locals: new Map<string, Expression>(),
    data: [] as TypedBlock[],
    resources: [] as TypedBlock[],
    beyond: [] as Beyond[],
  }
  const sources = [...files]
    .filter(([path]) => /^[^/]+\.tf(\.json)?$/.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  if (sources.length === 0) {
    throw new TemplateError('The template has no .tf file in its top folder. Add a main.tf.')
  }
  const seen = new Map<string, SourcePosition>()
  for (const [path, bytes] of sources) {
    if (path.endsWith('.json')) {
      module.beyond.push(refusal(`${path} is written in JSON, which`, { file: path, line: 1, column: 1 }))
      continue
    }
    if (bytes.length > maxSourceBytes) throw new TemplateError(`${path} is larger than 1 MiB.`)
    const body = parseFile(path, decode(bytes))
    for (const attribute of body.attributes.values()) {
      throw new TemplateError(`The argument "${attribute.name}" stands outside of any block.`, attribute.at)
    }
    for (const block of body.blocks) addBlock(module, block, seen)
    for (const { name, at } of findUnknownCalls(body)) {
      module.beyond.push({ error: new TemplateError(unknownFunction(name), at), byTerraform: true })
    }
  }
  return module
}

type Draft = {
  -readonly [K in 'variables' | 'locals']: Map<
    string,
    TemplateModule[K] extends ReadonlyMap<string, infer V> ? V : never
  >
} & { readonly data: TypedBlock[]; readonly resources: TypedBlock[]; readonly beyond: Beyond[] }

function addBlock(module: Draft, block: Block, seen: Map<string, SourcePosition>): void {
  const [first] = block.labels
  switch (block.type) {
    case 'variable':
      if (first === undefined || block.labels.length !== 1) throw labelError(block, 'one label, its name')
      once(`variable "${first}"`, block.at, seen)
      module.variables.set(first, block)
      return
    case 'locals':
      for (const { name, expression, at } of block.body.attributes.values()) {
        once(`local value "${name}"`, at, seen)
        module.locals.set(name, expression)
      }
      return
    case 'data':
    case 'resource':
      addTypedBlock(module, block, seen)
      return
    case 'module': {
      const source = literalText(block.body.attributes.get('source')?.expression)
      const from = source === undefined ? '' : ` from ${JSON.stringify(source)}`
      module.beyond.push(refusal(`module "${first ?? ''}"${from}`, block.at))
      return
    }
    default: {
      if (ignoredBlocks.has(block.type)) return
      const title = `${block.type}${first === undefined ? '' : ` "${first}"`}`
      module.beyond.push(refusal(title, block.at))
    }
  }
}

function addTypedBlock(module: Draft, block: Block, seen: Map<string, SourcePosition>): void {
  const [type, name] = block.labels
  if (type === undefined || name === undefined || block.labels.length !== 2) {
    throw labelError(block, 'two labels, its type and its name')
  }
  const title = `${block.type} "${type}" "${name}"`
  once(title, block.at, seen)
  const supported = block.type === 'data' ? supportedData : supportedResources
  if (!supported.has(type)) module.beyond.push(refusal(title, block.at, type))
  else (block.type === 'data' ? module.data : module.resources).push({ type, name, block })
}

function literalText(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'literal' && typeof expression.value === 'string' ? expression.value : undefined
}

function once(title: string, at: SourcePosition, seen: Map<string, SourcePosition>): void {
  const before = seen.get(title)
  if (before !== undefined) {
    throw new TemplateError(
      `The ${title} is declared twice; the first time in ${before.file}:${before.line}.`,
      at,
    )
  }
  seen.set(title, at)
}

/** What to do about a template that wants more than this machine's folders. */
function refusal(what: string, at: SourcePosition, type = ''): Beyond {
  const feature = deploymentOnly.get(type)
  const reason =
    feature === undefined
      ? `${what} needs Terraform: the built-in provisioner only runs workspaces as folders on this machine. ` +
        'Install terraform or tofu and upload the template again, or use a template without it.'
      : `${what} is about ${feature}, which the local deployment does not have. Remove it, or use a Coder deployment.`
  return { error: new TemplateError(reason, at), byTerraform: feature === undefined }
}

function labelError(block: Block, wanted: string): TemplateError {
  return new TemplateError(`A ${block.type} block needs ${wanted}.`, block.at)
}

function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}
