import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import {
  sampleBuild,
  sampleDeployment,
  sampleId,
  sampleParameter,
  sampleTemplate,
  sampleVersion,
  sampleWorkspace,
} from '../../testing/wire-samples.ts'
import { CreateWorkspacePage } from './create-workspace-page.tsx'

const repository = sampleParameter({
  name: 'repository',
  display_name: 'Repository',
  required: true,
  validation_regex: '/',
  validation_error: 'Write it as owner/name.',
})

function bridge(): FakeBridge {
  const fake = createQuietBridge()
  fake.feed('workspaces.watchList', () => ({ workspaces: [sampleWorkspace({ name: 'scratch' })], count: 1 }))
  fake.answer('templates.get', () => ({
    template: sampleTemplate(),
    version: sampleVersion(),
    parameters: [repository],
  }))
  fake.feed('workspaces.followBuildLogs', () => [])
  fake.feed('workspaces.watch', () => undefined)
  return fake
}

const show = (fake: FakeBridge) =>
  renderPage(<CreateWorkspacePage deployment={sampleDeployment()} templateId={sampleId(3)} />, fake)
const field = (name: string): Promise<HTMLInputElement> => screen.findByRole('textbox', { name })
const type = (input: HTMLElement, value: string): void => void fireEvent.change(input, { target: { value } })
const create = (): void => void fireEvent.click(screen.getByRole('button', { name: 'Create workspace' }))

beforeEach(() => sessionStorage.clear())

describe('creating a workspace', () => {
  it('starts with a free name made from the template', async () => {
    show(bridge())
    expect((await field('Name')).value).toBe('scratch-2')
  })

  it('says nothing while a field is first typed into, then checks on blur and after that as typed', async () => {
    show(bridge())
    const name = await field('Name')
    type(name, 'my project')
    expect(screen.queryByText(/No spaces/)).toBeNull()
    fireEvent.blur(name)
    expect(await screen.findByText(/No spaces in a name/)).toBeTruthy()
    type(name, 'my-project')
    await waitFor(() => expect(screen.queryByText(/No spaces/)).toBeNull())
  })

  it('takes the suggestion on a press', async () => {
    show(bridge())
    const name = await field('Name')
    type(name, 'my project')
    fireEvent.blur(name)
    fireEvent.click(await screen.findByRole('button', { name: 'my-project' }))
    expect(name.value).toBe('my-project')
  })

  it('sends nothing while a field needs the user, and shows which', async () => {
    const fake = bridge()
    show(fake)
    await field('Name')
    create()
    expect(await screen.findByText('Repository is needed.')).toBeTruthy()
    expect(screen.getByText('1 field needs you')).toBeTruthy()
    expect(fake.inputsOf('workspaces.create')).toEqual([])
  })

  it('puts a taken name and refused parameters on their fields and loses nothing that was typed', async () => {
    const fake = bridge()
    fake.answer('workspaces.create', () => {
      throw failure<'workspaces.create'>('invalid_parameters', 'Validation failed.', {
        validations: [{ field: 'repository', detail: 'No access to acme/secret.' }],
      })
    })
    show(fake)
    type(await field('Repository'), 'acme/secret')
    create()
    expect(await screen.findByText('No access to acme/secret.')).toBeTruthy()
    expect((await field('Repository')).value).toBe('acme/secret')
    type(await field('Repository'), 'acme/open')
    expect(screen.queryByText('No access to acme/secret.')).toBeNull()

    fake.answer('workspaces.create', () => {
      throw failure<'workspaces.create'>('name_taken', 'Workspace "scratch-2" already exists.')
    })
    create()
    expect(await screen.findByText(/You have a workspace named scratch-2 already/)).toBeTruthy()
  })

  it('shows other failures above nothing lost', async () => {
    const fake = bridge()
    fake.answer('workspaces.create', () => {
      throw failure('unreachable', 'The local server does not answer.')
    })
    show(fake)
    type(await field('Repository'), 'acme/api')
    create()
    expect(await screen.findByText('The local server does not answer.')).toBeTruthy()
    expect((await field('Repository')).value).toBe('acme/api')
  })

  it('keeps what was typed when the page is left and opened again', async () => {
    const first = show(bridge())
    type(await field('Name'), 'half-done')
    first.unmount()
    show(bridge())
    expect((await field('Name')).value).toBe('half-done')
  })

  it('shows the build after Create, then the ways into the workspace, and starts clean the next time', async () => {
    const fake = bridge()
    const building = sampleWorkspace({
      name: 'scratch-2',
      latest_build: sampleBuild({ status: 'starting' }, []),
    })
    fake.answer('workspaces.create', () => building)
    const { actions } = show(fake)
    type(await field('Repository'), 'acme/api')
    create()
    await screen.findByText('Build of scratch-2')
    expect(fake.inputsOf('workspaces.create')).toEqual([
      {
        deploymentId: 'local',
        templateId: sampleId(3),
        name: 'scratch-2',
        parameterValues: [{ name: 'repository', value: 'acme/api' }],
      },
    ])
    fake.push('workspaces.watch', sampleWorkspace({ name: 'scratch-2' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Open terminal' }))
    expect(actions.openTerminal).toHaveBeenCalled()
    expect(sessionStorage.length).toBe(0)
  })

  it('waits for a template that is still being imported', async () => {
    const fake = bridge()
    fake.answer('templates.get', () => {
      throw failure<'templates.get'>('importing', 'Template version job has not finished')
    })
    show(fake)
    expect(await screen.findByText('The template is still being read')).toBeTruthy()
  })

  it('says why there is nothing to fill in when the import failed', async () => {
    const fake = bridge()
    fake.answer('templates.get', () => {
      throw failure<'templates.get'>('import_failed', 'Version 7 could not be imported.', {
        detail: 'main.tf:3: this type is not known',
      })
    })
    show(fake)
    expect(await screen.findByText('Version 7 could not be imported.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Details' }))
    expect(await screen.findByText(/main\.tf:3: this type is not known/)).toBeTruthy()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Create workspace' }).disabled).toBe(true)
  })
})
