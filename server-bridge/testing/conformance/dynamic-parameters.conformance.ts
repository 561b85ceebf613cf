import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { dynamicParametersRoutes } from '../../contract/dynamic-parameters.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createLocalProvisioner } from '../../provisioner/local-provisioner.ts'
import { openDynamicParameters } from '../dynamic-parameters-socket.ts'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { templateArchive } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, importVersion, runBuild } from '../workspace-actions.ts'

const source = `
data "coder_workspace_owner" "me" {}
data "coder_parameter" "kind" {
  name    = "kind"
  default = "small"
  mutable = true
  order   = 1
  option {
    name  = "Small"
    value = "small"
  }
  option {
    name  = "Large"
    value = "large"
  }
}
data "coder_parameter" "team" {
  count   = data.coder_parameter.kind.value == "large" ? 1 : 0
  name    = "team"
  mutable = true
  order   = 2
}
data "coder_parameter" "once" {
  name      = "once"
  default   = "none"
  mutable   = true
  ephemeral = true
  order     = 3
}
data "coder_parameter" "greeting" {
  name    = "greeting"
  default = "hello \${data.coder_workspace_owner.me.name}"
  mutable = true
  order   = 4
}
data "coder_workspace_preset" "big" {
  name       = "Big"
  parameters = { kind = "large", team = "blue" }
}
resource "coder_metadata" "never" {
  count       = 0
  resource_id = ""
  item {
    key = ""
  }
}
`

let server: TestServer
let owner: CoderClient
let member: CoderClient
let versionId: string
let templateId: string
const unknown = '00000000-0000-4000-8000-000000000000'

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
  const template = await createTemplate(owner, 'dynamic', source)
  templateId = template.id
  versionId = template.active_version_id
})
afterAll(() => server.close())

const idOf = (username: string): string => {
  const { db } = server.deployment.services
  const row = db.first(db.sql.selectFrom('users').select('id').where('username', '=', username))
  if (!row) throw new Error(`Nobody is called ${username}.`)
  return row.id
}
const named = (answer: { readonly parameters: readonly { name: string; value: { value: string } }[] }) =>
  Object.fromEntries(answer.parameters.map(({ name, value }) => [name, value.value]))

describe('the socket', () => {
  it('answers unasked, then every request in order with its id', async () => {
    const form = await openDynamicParameters(member, versionId)
    const first = await form.next()
    expect(first.id).toBe(-1)
    expect(named(first)).toEqual({ kind: 'small', once: 'none', greeting: 'hello grace' })
    const answers = Promise.all([form.next(), form.next(), form.next()])
    for (const [id, kind] of [
      [1, 'large'],
      [2, 'small'],
      [3, 'huge'],
    ]) {
      form.socket.send(JSON.stringify({ id, inputs: { kind } }))
    }
    const [large, small, huge] = await answers
    expect([large.id, small.id, huge.id]).toEqual([1, 2, 3])
    expect(Object.keys(named(large))).toEqual(['kind', 'team', 'once', 'greeting'])
    expect(large.parameters[1]).toMatchObject({
      value: { value: '', valid: false },
      diagnostics: [{ severity: 'error', extra: { code: 'required' } }],
    })
    expect(named(small)).not.toHaveProperty('team')
    expect(huge.parameters[0]?.diagnostics).toMatchObject([{ severity: 'error' }])
    form.socket.close(1000)
    await form.closed
  })

  it('answers a burst completely and in order', async () => {
    const form = await openDynamicParameters(owner, versionId)
    await form.next()
    const ids = Array.from({ length: 100 }, (_, index) => index)
    const answers = Promise.all(ids.map(() => form.next()))
    for (const id of ids) form.socket.send(JSON.stringify({ id, inputs: {} }))
    expect((await answers).map((answer) => answer.id)).toEqual(ids)
    form.socket.close(1000)
    await form.closed
  })

  it('keeps the owner of the request before, and takes another one', async () => {
    const form = await openDynamicParameters(owner, versionId, idOf('grace'))
    expect(named(await form.next())['greeting']).toBe('hello grace')
    const { id } = server.deployment.services.accounts.owner()!
    expect(named(await form.ask({ id: 1, inputs: {}, owner_id: id }))['greeting']).toMatch(/^hello ada/)
    const zero = '00000000-0000-0000-0000-000000000000'
    expect(named(await form.ask({ id: 2, inputs: {}, owner_id: zero }))['greeting']).toMatch(/^hello ada/)
    const nobody = await form.ask({ id: 3, inputs: {}, owner_id: unknown })
    expect(nobody).toMatchObject({ parameters: [], diagnostics: [{ extra: { code: 'owner_not_found' } }] })
    form.socket.close(1000)
    await form.closed
  })

  it.each<[string, string | Buffer, number]>([
    ['a binary frame', Buffer.from('{}'), 1003],
    ['no JSON', '{"id":', 1007],
    ['JSON of another shape', '{"id":"one"}', 1007],
    ['too large a message', JSON.stringify({ id: 1, inputs: { kind: 'x'.repeat(33 * 1024) } }), 1009],
  ])('is ended by %s', async (_, message, code) => {
    const form = await openDynamicParameters(owner, versionId)
    await form.next()
    form.socket.send(message)
    expect((await form.closed).code).toBe(code)
  })

  it('is refused before the upgrade for what cannot be shown', async () => {
    const ask = (client: CoderClient, id: string, query = '', upgrade = true) => {
      const { url, headers } = client.socket(dynamicParametersRoutes.connect, {
        params: { templateversion: id },
      })
      const address = url.replace(/^ws/, 'http') + query
      return rawRequest(address, { headers: { ...headers, ...(upgrade ? upgradeHeaders : {}) } })
    }
    expect((await ask(owner, unknown)).status).toBe(404)
    expect((await ask(owner, versionId, '?user_id=ada')).status).toBe(400)
    expect((await ask(owner, versionId, '', false)).status).toBe(426)
    const failed = await importVersion(owner, { 'main.tf': 'resource "aws_instance" "big" {}' })
    expect((await ask(owner, failed.id)).status).toBe(400)
    // Of no template yet: nothing a member knows of.
    const loose = await importVersion(owner)
    expect((await ask(member, loose.id)).status).toBe(404)
    expect((await ask(owner, loose.id)).status).toBe(101)
  })
})

describe('one evaluation', () => {
  const evaluate = (client: CoderClient, body: { inputs: Record<string, string>; owner_id?: string }) =>
    client.call(dynamicParametersRoutes.evaluate, {
      params: { templateversion: versionId },
      body: { id: 7, ...body },
    })

  it('answers with id 0 for an owner the caller may see', async () => {
    const answer = await evaluate(owner, { inputs: { kind: 'large', team: 'red' }, owner_id: idOf('grace') })
    expect(answer).toMatchObject({ id: 0, diagnostics: [] })
    expect(named(answer)).toEqual({ kind: 'large', team: 'red', once: 'none', greeting: 'hello grace' })
  })

  it('answers with a diagnostic without one', async () => {
    for (const owner_id of [undefined, unknown, server.deployment.services.accounts.owner()!.id]) {
      const answer = await evaluate(member, { inputs: {}, ...(owner_id === undefined ? {} : { owner_id }) })
      expect(answer.parameters).toEqual([])
      expect(answer.diagnostics).toMatchObject([{ severity: 'error', extra: { code: 'owner_not_found' } }])
    }
  })
})

describe('a build', () => {
  const create = (name: string, body: object) =>
    owner.call(workspacesRoutes.create, {
      params: { user: 'me' },
      body: { name, template_id: templateId, ...body },
    })
  const valuesOf = async (buildId: string) =>
    Object.fromEntries(
      (await owner.call(workspaceBuildsRoutes.parameters, { params: { workspacebuild: buildId } })).map(
        ({ name, value }) => [name, value],
      ),
    )
  const give = (values: Record<string, string>) => ({
    rich_parameter_values: Object.entries(values).map(([name, value]) => ({ name, value })),
  })
  const finished = (workspaceId: string) =>
    waitFor('the build ends', async () => {
      const { latest_build: build } = await owner.call(workspacesRoutes.get, {
        params: { workspace: workspaceId },
      })
      return build.job.completed_at === undefined ? undefined : build
    })

  it('asks only for the parameters there are for its values', async () => {
    const small = await create('small', {})
    expect(await valuesOf(small.latest_build.id)).toEqual({
      kind: 'small',
      once: 'none',
      greeting: `hello ${small.owner_name}`,
    })
    expect((await finished(small.id)).status).toBe('running')
    await expect(create('large', give({ kind: 'large' }))).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'team' }],
    })
    await expect(create('odd', give({ colour: 'red' }))).rejects.toMatchObject({
      validations: [{ field: 'colour' }],
    })
    // A form may still hold what another choice made vanish.
    const stale = await create('stale', give({ kind: 'small', team: 'red' }))
    expect(await valuesOf(stale.latest_build.id)).not.toHaveProperty('team')
    await finished(stale.id)
  })

  it('takes a preset before what was given, and forgets what is ephemeral', async () => {
    const [preset] = await owner.call(templateVersionsRoutes.presets, {
      params: { templateversion: versionId },
    })
    const workspace = await create('preset', {
      template_version_preset_id: preset!.ID,
      ...give({ team: 'red', once: 'now' }),
    })
    expect(await valuesOf(workspace.latest_build.id)).toMatchObject({
      kind: 'large',
      team: 'blue',
      once: 'now',
    })
    await finished(workspace.id)
    expect(await runBuild(owner, workspace.id, 'start')).toBe('running')
    const again = await finished(workspace.id)
    expect(await valuesOf(again.id)).toMatchObject({ kind: 'large', team: 'blue', once: 'none' })
    const shrunk = await owner.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspace.id },
      body: { transition: 'start', ...give({ kind: 'small' }) },
    })
    expect(await valuesOf(shrunk.id)).not.toHaveProperty('team')
    await finished(workspace.id)
  })

  it('of the classic flow takes the parameters the import found', async () => {
    await owner.call(templatesRoutes.patch, {
      params: { template: templateId },
      body: { use_classic_parameter_flow: true },
    })
    const classic = await create('classic', give({ kind: 'large' }))
    expect(await valuesOf(classic.latest_build.id)).not.toHaveProperty('team')
    await finished(classic.id)
    await expect(create('classic-team', give({ kind: 'large', team: 'red' }))).rejects.toMatchObject({
      validations: [{ field: 'team' }],
    })
    await owner.call(templatesRoutes.patch, {
      params: { template: templateId },
      body: { use_classic_parameter_flow: false },
    })
  })
})

describe('a server with another provisioner', () => {
  it('shows static parameters with a warning where templates cannot be evaluated', async () => {
    const { openPreview: _, ...provisioner } = createLocalProvisioner()
    const other = await startTestServer({ provisioner })
    try {
      const client = await other.ownerClient()
      const version = await importVersion(client)
      const form = await openDynamicParameters(client, version.id)
      const first = await form.next()
      expect(first.diagnostics).toMatchObject([{ severity: 'warning' }])
      expect(named(first)).toEqual({ greeting: 'hello' })
      form.socket.close(1000)
      await form.closed
    } finally {
      await other.close()
    }
  })

  it('says that a version is not ready yet', async () => {
    const gate = createHeldProvisioner('importVersion')
    gate.hold = true
    const other = await startTestServer({ provisioner: gate.provisioner })
    try {
      const client = await other.ownerClient()
      const { hash } = await client.upload(templateArchive({ 'main.tf': '' }), 'application/x-tar')
      const { id } = await client.call(templateVersionsRoutes.create, {
        params: { organization: 'default' },
        body: { storage_method: 'file', provisioner: 'terraform', file_id: hash },
      })
      await expect(
        client.call(dynamicParametersRoutes.evaluate, {
          params: { templateversion: id },
          body: { id: 1, inputs: {} },
        }),
      ).rejects.toMatchObject({ status: 425 })
    } finally {
      gate.letGo()
      await other.close()
    }
  })
})
