import type { ArchiveFiles } from './archive.ts'
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
/** Settings of Terraform itself, and results nobody reads here. */
const ignoredBlocks = new Set(['terraform', 'output'])

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

/**
 * Reads the template in an archive's top folder.
 *
 * @throws {TemplateError} for what is no HCL, is declared twice, or is beyond the built-in provisioner.
 */
export function readTemplateModule(files: ArchiveFiles): TemplateModule {
  const module = {
    files,
    readme: decode(files.get('README.md')),
    variables: new Map<string, Block>(),
    locals: new Map<string, Expression>(),
    data: [] as TypedBlock[],
    resources: [] as TypedBlock[],
  }
  const sources = [...files]
    .filter(([path]) => /^[^/]+\.tf(\.json)?$/.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  if (sources.length === 0) {
    throw new TemplateError('The template has no .tf file in its top folder. Add a main.tf.')
  }
  const seen = new Map<string, SourcePosition>()
  for (const [path, bytes] of sources) {
    if (path.endsWith('.json'))
      refuse(`${path} is written in JSON, which`, { file: path, line: 1, column: 1 })
    if (bytes.length > maxSourceBytes) throw new TemplateError(`${path} is larger than 1 MiB.`)
    const body = parseFile(path, decode(bytes))
    for (const attribute of body.attributes.values()) {
      throw new TemplateError(`The argument "${attribute.name}" stands outside of any block.`, attribute.at)
    }
    for (const block of body.blocks) addBlock(module, block, seen)
  }
  return module
}

type Draft = {
  -readonly [K in 'variables' | 'locals']: Map<
    string,
    TemplateModule[K] extends ReadonlyMap<string, infer V> ? V : never
  >
} & { readonly data: TypedBlock[]; readonly resources: TypedBlock[] }

function addBlock(module: Draft, block: Block, seen: Map<string, SourcePosition>): void {
  const [first, second] = block.labels
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
    case 'resource': {
      if (first === undefined || second === undefined || block.labels.length !== 2) {
        throw labelError(block, 'two labels, its type and its name')
      }
      const title = `${block.type} "${first}" "${second}"`
      const supported = block.type === 'data' ? supportedData : supportedResources
      if (!supported.has(first)) refuse(title, block.at)
      once(title, block.at, seen)
      const list = block.type === 'data' ? module.data : module.resources
      list.push({ type: first, name: second, block })
      return
    }
    case 'provider':
      if (first !== 'coder') refuse(`provider "${first ?? ''}"`, block.at)
      return
    default:
      if (!ignoredBlocks.has(block.type))
        refuse(`${block.type}${first === undefined ? '' : ` "${first}"`}`, block.at)
  }
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
function refuse(what: string, at: SourcePosition): never {
  throw new TemplateError(
    `${what} needs Terraform: the built-in provisioner only runs workspaces as folders on this machine. ` +
      'Install terraform or tofu and restart the deployment, or use a template without it.',
    at,
  )
}

function labelError(block: Block, wanted: string): TemplateError {
  return new TemplateError(`A ${block.type} block needs ${wanted}.`, block.at)
}

function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}
