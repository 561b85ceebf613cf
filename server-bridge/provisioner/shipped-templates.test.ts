import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importOwner, importWorkspace } from './build-context.ts'
import { createLocalProvisioner } from './local-provisioner.ts'
import type { PlannedAgent } from './provisioner.ts'
import { resolveParameters } from './resolve-parameters.ts'
import { listShippedTemplates, type ShippedTemplate } from './shipped-templates.ts'

const provisioner = createLocalProvisioner()
const templates = await listShippedTemplates()
const signal = new AbortController().signal
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-shipped-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function find(name: string): ShippedTemplate {
  const template = templates.find((candidate) => candidate.name === name)
  if (!template) throw new Error(`There is no shipped template ${name}.`)
  return template
}

/** The agent a template makes of these values, which pass the template's own rules first, as in a build. */
async function planAgent(
  template: ShippedTemplate,
  given: Readonly<Record<string, string>> = {},
): Promise<PlannedAgent> {
  const request = { archive: template.archive, variableValues: {}, signal, log: () => undefined }
  const { parameters } = await provisioner.importVersion(request)
  const values = Object.entries(given).map(([name, value]) => ({ name, value }))
  const resolved = resolveParameters(parameters, values, [], { firstBuild: true })
  if (!resolved.ok) throw new Error(resolved.problems.map(({ detail }) => detail).join(' '))
  const plan = await provisioner.build({
    ...request,
    transition: 'start',
    parameterValues: Object.fromEntries(resolved.values.map(({ name, value }) => [name, value])),
    workspace: { ...importWorkspace, name: 'my-workspace' },
    owner: importOwner,
  })
  const [agent] = plan.resources[0]?.agents ?? []
  if (!agent) throw new Error('The template makes no agent.')
  return agent
}

/** Runs an agent's scripts one after another in a folder of their own, as its agent would; answers what they print. */
function runScripts(agent: PlannedAgent, home: string, path = process.env['PATH']): string {
  mkdirSync(home, { recursive: true })
  return agent.scripts
    .map(({ script }) =>
      execFileSync('/bin/bash', ['-c', `exec 2>&1\n${script}`], {
        cwd: home,
        env: {
          ...agent.environment,
          PATH: path,
          HOME: home,
          OUTPOST_WORKSPACE_DIR: home,
          GIT_CONFIG_NOSYSTEM: '1',
        },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    )
    .join('')
}

/** A bare repository with one commit on `main` and another on `feature/one`. */
function createRepository(path: string): string {
  const work = `${path}-work`
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
      cwd: work,
      encoding: 'utf8',
    })
  mkdirSync(work)
  git('init', '--quiet', '--initial-branch=main')
  writeFileSync(join(work, 'install.sh'), '#!/bin/sh\ntouch "$HOME/installed"\n')
  chmodSync(join(work, 'install.sh'), 0o755)
  git('add', '.')
  git('commit', '--quiet', '-m', 'one')
  git('checkout', '--quiet', '-b', 'feature/one')
  git('commit', '--quiet', '--allow-empty', '-m', 'two')
  git('checkout', '--quiet', 'main')
  execFileSync('git', ['clone', '--quiet', '--bare', work, path])
  return path
}

test('are the five templates the documentation names', () => {
  expect(templates.map(({ name, displayName, icon }) => [name, displayName, icon])).toEqual([
    ['ai-agent', 'Workspace for AI agents', '/emojis/1f916.png'],
    ['git-repository', 'Git repository', '/icon/git.svg'],
    ['node-project', 'Node.js project', '/icon/node.svg'],
    ['plain-shell', 'Plain shell', '/icon/terminal.svg'],
    ['python-data', 'Python data project', '/icon/python.svg'],
  ])
  for (const { description, tags } of templates) {
    expect(description).not.toBe('')
    expect(tags).toContain('local')
  }
})

test.each(templates)('$name is imported without a warning and makes one agent', async (template) => {
  const warnings: string[] = []
  const imported = await provisioner.importVersion({
    archive: template.archive,
    variableValues: {},
    signal,
    log: (level, _stage, output) => {
      if (level === 'warn' || level === 'error') warnings.push(output)
    },
  })
  expect(warnings).toEqual([])
  expect(imported.readme).toBe(template.readme)
  expect(imported.startResources[0]?.agents).toHaveLength(1)
  expect(imported.parameters.every(({ required }) => !required)).toBe(true)
})

test.each(templates)('$name has scripts a shell can read, however it is filled in', async (template) => {
  const agent = await planAgent(template)
  const texts = [...agent.scripts, ...agent.metadata].map(({ script }) => script)
  expect(texts.length).toBeGreaterThan(0)
  for (const text of texts) execFileSync('/bin/bash', ['-n'], { input: text })
})

const hostileValues = [
  '--upload-pack=touch evil',
  '-x',
  'a; touch evil',
  '$(touch evil)',
  '`touch evil`',
  "a'; touch evil; '",
  'a"; touch evil; "',
  '../evil',
  'ext::sh -c touch% evil',
  'https://-oProxyCommand=touch',
  'git@-oProxyCommand=touch:x',
  'a\ntouch evil',
]

test.each(templates)('$name lets no value become part of a script', async (template) => {
  const { scripts, metadata } = await planAgent(template)
  const request = { archive: template.archive, variableValues: {}, signal, log: () => undefined }
  const { parameters } = await provisioner.importVersion(request)
  for (const { name, type } of parameters) {
    if (type !== 'string') continue
    for (const value of hostileValues) {
      // Refused by the template's own rule, or handed over as a variable: the scripts' text is the same.
      const agent = await planAgent(template, { [name]: value }).catch(() => undefined)
      if (agent === undefined) continue
      expect(agent.metadata).toEqual(metadata)
      for (const { displayName, script } of scripts) {
        expect(agent.scripts.find((other) => other.displayName === displayName)?.script).toBe(script)
      }
    }
  }
})

test.each([
  ['git-repository', 'repository'],
  ['git-repository', 'branch'],
  ['git-repository', 'folder'],
  ['git-repository', 'dotfiles'],
  ['node-project', 'project'],
  ['plain-shell', 'project'],
])('%s refuses hostile values of %s', async (name, parameter) => {
  for (const value of hostileValues) {
    await expect(planAgent(find(name), { [parameter]: value }), value).rejects.toThrow(/^Use /)
  }
})

test.each([
  'https://example.com/team/project.git',
  'ssh://git@example.com:2222/team/project.git',
  'git@example.com:team/my-project.git',
  'file:///srv/git/project.git',
  '/srv/git/my project.git',
  '',
])('git-repository accepts the address %j', async (repository) => {
  const agent = await planAgent(find('git-repository'), { repository })
  expect(agent.environment['TEMPLATE_REPOSITORY']).toBe(repository)
})

test('git-repository clones the branch once and keeps what is changed in it', async () => {
  const repository = createRepository(join(folder, 'origin.git'))
  const home = join(folder, 'git')
  const agent = await planAgent(find('git-repository'), {
    repository,
    branch: 'feature/one',
    dotfiles: repository,
  })
  const first = runScripts(agent, home)
  expect(first).toContain('Cloned into repository, on feature/one.')
  expect(first).toContain('They are not installed')
  expect(existsSync(join(home, 'installed'))).toBe(false)
  writeFileSync(join(home, 'repository', 'mine.txt'), 'mine')
  const second = runScripts(agent, home)
  expect(second).toContain('The repository is in repository already, on feature/one.')
  expect(readFileSync(join(home, 'repository', 'mine.txt'), 'utf8')).toBe('mine')

  const installing = await planAgent(find('git-repository'), {
    dotfiles: repository,
    install_dotfiles: 'true',
  })
  expect(runScripts(installing, join(folder, 'git-dotfiles'))).toContain('Running install.sh')
  expect(existsSync(join(folder, 'git-dotfiles', 'installed'))).toBe(true)
})

test('git-repository says what is wrong when nothing can be cloned', async () => {
  const agent = await planAgent(find('git-repository'), { repository: '/nowhere.git' })
  expect(() => runScripts(agent, join(folder, 'git-nowhere'))).toThrow(/could not be cloned/)
})

test('ai-agent keeps a checkpoint beside the branch one works on', async () => {
  const home = join(folder, 'ai')
  const agent = await planAgent(find('ai-agent'), { instructions: 'Run `make test`.\n$HOME; touch evil' })
  expect(runScripts(agent, home)).toMatch(/Checkpoint [0-9a-f]+\./)
  const project = join(home, 'project')
  expect(readFileSync(join(project, 'AGENTS.md'), 'utf8')).toContain('Run `make test`.\n$HOME; touch evil')
  expect(runScripts(agent, home)).toContain('Nothing changed since the last checkpoint.')
  writeFileSync(join(project, 'new.txt'), 'new')
  expect(runScripts(agent, home)).toMatch(/Checkpoint [0-9a-f]+\./)
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: project, encoding: 'utf8' }).trim()
  expect(git('log', '--format=%s', 'checkpoint').split('\n')).toHaveLength(2)
  expect(git('status', '--porcelain')).toContain('?? new.txt')
  expect(existsSync(join(project, 'evil'))).toBe(false)
})

test.each(['--index-url=http://evil.example', 'a; touch evil', '-e .', 'git+https://evil.example/x'])(
  'python-data hands %s to no program',
  async (name) => {
    const agent = await planAgent(find('python-data'), { packages: JSON.stringify(['numpy', name]) })
    expect(() => runScripts(agent, join(folder, 'python'))).toThrow(/A package has to be a name/)
  },
)

test.each(['ai-agent', 'git-repository', 'node-project', 'python-data'])(
  '%s becomes ready without the tools it needs and says what to install',
  async (name) => {
    // What every system has, and none of git, node and python3.
    const tools = join(folder, 'bare-tools')
    mkdirSync(tools, { recursive: true })
    for (const tool of ['bash', 'sh', 'mkdir', 'ls', 'cat', 'rm', 'tr', 'grep', 'uname', 'df', 'awk']) {
      const path = execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim()
      writeFileSync(join(tools, tool), `#!/bin/sh\nexec ${path} "$@"\n`, { mode: 0o755 })
    }
    const output = runScripts(await planAgent(find(name)), join(folder, `bare-${name}`), tools)
    expect(output).toMatch(/(?:git|Node\.js|Python 3) is missing/)
    expect(output).toMatch(/sudo apt-get install/)
  },
)
