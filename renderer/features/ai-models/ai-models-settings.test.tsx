import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { sampleModel, sampleOwnKey, sampleProvider } from '../../testing/model-samples.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import { AiModelsSettings } from './ai-models-settings.tsx'
import { useOwnKeyDrafts } from './own-key-drafts.ts'
import type { ModelsAccess, ModelsList } from './use-ai-models.ts'

interface Scene {
  readonly access?: Partial<ModelsAccess>
  readonly list?: ModelsList | (() => ModelsList)
  readonly prepare?: (fake: FakeBridge) => void
}

function show({
  access,
  list = { providers: [sampleProvider()], models: [sampleModel()] },
  prepare,
}: Scene = {}) {
  const fake = createQuietBridge()
  fake.answer('aiModels.access', () => ({
    mayManage: true,
    hasSwitches: true,
    hasFoundModels: true,
    ...access,
  }))
  fake.answer('aiModels.list', () => (typeof list === 'function' ? list() : list))
  fake.answer('aiModels.switches', () => ({ stopped: false, stopped_at_start: false, byok_enabled: true }))
  fake.answer('aiModels.computerUse', () => {
    throw failure<'aiModels.computerUse'>('unsupported', 'No desktops.')
  })
  fake.answer('aiModels.ownKeys', () => [sampleOwnKey()])
  prepare?.(fake)
  return { fake, ...renderPage(<AiModelsSettings />, fake) }
}
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))
const fill = async (label: string, value: string) =>
  fireEvent.change(await screen.findByLabelText(label), { target: { value } })
const nothing = { providers: [], models: [] }
const unreachable = () => {
  throw failure('unreachable', 'acme does not answer.')
}

beforeEach(() => act(() => useOwnKeyDrafts.setState({}, true)))

describe('the models of a deployment', () => {
  it('are shown with their providers, and keys only by what can be told of them', async () => {
    show()
    const table = await screen.findByRole('table', { name: 'Models of Anthropic' })
    expect(within(table).getByText('Default')).toBeTruthy()
    expect(table.textContent).toContain('200,000')
    expect(table.textContent).toContain('$3.00 / $15.00')
    expect(screen.getByText('sk-ant-…x4Qf')).toBeTruthy()
  })

  it('that cannot be read are asked for again by a press', async () => {
    let isAway = true
    show({ list: () => (isAway ? unreachable() : nothing) })
    await screen.findByText('acme does not answer.')
    isAway = false
    await press('Try again')
    await screen.findByText('Agents need a model')
  })

  it('lead a deployment without any from the provider over the key to the model', async () => {
    let list: ModelsList = nothing
    const provider = sampleProvider({ api_keys: [] })
    const { fake, actions } = show({ list: () => list })
    fake.answer('aiModels.createProvider', () => {
      list = { providers: [provider], models: [] }
      return provider
    })
    fake.answer('aiModels.createModel', () => {
      list = { providers: [sampleProvider()], models: [sampleModel()] }
      return sampleModel()
    })
    await press('Add a provider')
    fireEvent.click(await screen.findByText('Claude, with a key of its console'))
    await press('Continue')
    await fill('Key', 'sk-typed')
    await press('Add provider')
    await fill('Model', 'large-1')
    await fill('Context window', '200k')
    await press('Add model')
    await screen.findByText('Agents are ready')
    await press('Start a chat')
    expect(actions.goToAgents).toHaveBeenCalled()
    expect(fake.inputsOf('aiModels.createProvider')).toEqual([
      {
        deploymentId: 'local',
        provider: {
          type: 'anthropic',
          name: 'anthropic',
          display_name: 'Anthropic',
          enabled: true,
          base_url: 'https://api.anthropic.com/v1',
          api_keys: ['sk-typed'],
        },
      },
    ])
    expect(fake.inputsOf('aiModels.createModel')[0]?.model).toMatchObject({
      model: 'large-1',
      context_limit: 200_000,
    })
  })

  it('keep what was typed when a provider cannot be added', async () => {
    const { fake } = show({ list: nothing })
    fake.answer('aiModels.createProvider', () => {
      throw failure<'aiModels.createProvider'>('name_taken', 'A provider named "openai" already exists.')
    })
    await press('Add a provider')
    fireEvent.click(await screen.findByText('GPT, with a key of its platform'))
    await press('Continue')
    await fill('Key', 'sk-typed')
    await press('Add provider')
    await screen.findByText('A provider named "openai" already exists.')
    expect(screen.getByLabelText<HTMLInputElement>('Key').value).toBe('sk-typed')
  })

  it('say what is wrong in the fields before anything is sent', async () => {
    const { fake } = show()
    await press('Add model')
    await fill('Input', '1,5')
    const buttons = await screen.findAllByRole('button', { name: 'Add model' })
    fireEvent.click(buttons.at(-1) as HTMLElement)
    await screen.findByText('Write dollars as a decimal, such as 3 or 0.25.')
    expect(screen.getByText('Write the name the provider has for it.')).toBeTruthy()
    expect(fake.inputsOf('aiModels.createModel')).toEqual([])
  })

  it('are kept in their form when the deployment is away', async () => {
    const { fake } = show()
    fake.answer('aiModels.updateModel', unreachable)
    await press('Large')
    await fill('Output', '20')
    await press('Save')
    await screen.findByText('The model is not saved')
    expect(screen.getByLabelText<HTMLInputElement>('Output').value).toBe('20')
    expect(fake.inputsOf('aiModels.updateModel')[0]?.changes.model_config?.cost).toEqual({
      input_price_per_million_tokens: '3',
      output_price_per_million_tokens: '20',
    })
  })
})

describe('a provider', () => {
  it('is switched off at once, and stays on when that fails', async () => {
    const { fake } = show()
    fake.answer('aiModels.updateProvider', unreachable)
    fireEvent.click(await screen.findByRole('switch', { name: 'Use Anthropic' }))
    await waitFor(() => expect(useToasts.getState().toasts.at(-1)?.title).toBe('Anthropic is still on'))
    expect(fake.inputsOf('aiModels.updateProvider')).toEqual([
      { deploymentId: 'local', providerId: sampleId(60), changes: { enabled: false } },
    ])
    expect(screen.getByRole('switch', { name: 'Use Anthropic' }).getAttribute('aria-checked')).toBe('true')
  })

  it('is deleted after its name is typed', async () => {
    const { fake } = show()
    fake.answer('aiModels.deleteProvider', () => null)
    await press('Delete Anthropic')
    const confirm = await screen.findByRole<HTMLButtonElement>('button', { name: 'Delete provider' })
    expect(confirm.disabled).toBe(true)
    fireEvent.change(within(screen.getByRole('alertdialog')).getByRole('textbox'), {
      target: { value: 'anthropic' },
    })
    fireEvent.click(confirm)
    await waitFor(() => expect(fake.inputsOf('aiModels.deleteProvider')).toHaveLength(1))
  })

  it('that was found on the computer is added with the chosen models by one press', async () => {
    const { fake } = show({ list: nothing })
    fake.answer('aiModels.find', () => ({
      servers: [{ kind: 'ollama', base_url: 'http://127.0.0.1:11434/v1', models: ['a:7b', 'b:3b'] }],
    }))
    fake.answer('aiModels.createProvider', () => sampleProvider({ id: sampleId(60, 2) }))
    fake.answer('aiModels.createModel', () => sampleModel())
    await press('Look for models on this computer')
    fireEvent.click(await screen.findByText('b:3b'))
    await press('Add with 2 models')
    await waitFor(() => expect(fake.inputsOf('aiModels.createModel')).toHaveLength(2))
    expect(fake.inputsOf('aiModels.createProvider')[0]?.provider).toMatchObject({
      type: 'openai-compat',
      name: 'ollama',
      base_url: 'http://127.0.0.1:11434/v1',
    })
    expect(fake.inputsOf('aiModels.createModel').map(({ model }) => model.model)).toEqual(['a:7b', 'b:3b'])
  })
})

describe('desktops', () => {
  const withDesktops = (fake: FakeBridge) =>
    fake.answer('aiModels.computerUse', () => ({ provider: 'anthropic', accepted: ['anthropic', 'openai'] }))
  const choice = () => screen.findByRole('combobox', { name: 'Provider of models that use a desktop' })

  it('have a provider, which the deployment may refuse in its own words', async () => {
    const { fake } = show({ prepare: withDesktops })
    fake.answer('aiModels.setComputerUse', () => {
      throw failure<'aiModels.setComputerUse'>('refused', 'Models of OpenAI cannot use a desktop here.')
    })
    expect((await choice()).textContent).toContain('Anthropic')
    expect(screen.getByText(/act there by mouse and keys/)).toBeDefined()
    fireEvent.click(await choice())
    const other = await screen.findByRole('option', { name: 'OpenAI' })
    // The list takes a click only where the press began.
    fireEvent.pointerDown(other)
    fireEvent.click(other)
    await waitFor(() =>
      expect(useToasts.getState().toasts.at(-1)?.detail).toBe('Models of OpenAI cannot use a desktop here.'),
    )
    expect(fake.inputsOf('aiModels.setComputerUse')).toEqual([{ deploymentId: 'local', provider: 'openai' }])
    expect((await choice()).textContent).toContain('Anthropic')
  })

  it('say before anything is chosen whose models the deployment does not take', async () => {
    show({
      prepare: (fake) =>
        fake.answer('aiModels.computerUse', () => ({ provider: 'anthropic', accepted: ['anthropic'] })),
    })
    await screen.findByText(/Models of OpenAI cannot: this deployment has no tool of theirs for it/)
    expect(screen.queryByRole('combobox', { name: /use a desktop/ })).toBeNull()
  })

  it('can be given to one that the deployment takes where it has another', async () => {
    const { fake } = show({
      prepare: (main) =>
        main.answer('aiModels.computerUse', () => ({ provider: 'openai', accepted: ['anthropic'] })),
    })
    fake.answer('aiModels.setComputerUse', () => null)
    expect((await choice()).textContent).toContain('OpenAI')
    fireEvent.click(await choice())
    const option = await screen.findByRole('option', { name: 'Anthropic' })
    expect(screen.queryByRole('option', { name: 'OpenAI' })).toBeNull()
    fireEvent.pointerDown(option)
    fireEvent.click(option)
    await waitFor(() =>
      expect(fake.inputsOf('aiModels.setComputerUse')).toEqual([
        { deploymentId: 'local', provider: 'anthropic' },
      ]),
    )
  })

  it('say where no model of the provider is there', async () => {
    show({
      list: { providers: [sampleProvider({ type: 'openai' })], models: [sampleModel()] },
      prepare: withDesktops,
    })
    await screen.findByText(/Anthropic has no model here that is switched on/)
  })

  it('are not spoken of where the deployment has none', async () => {
    show()
    await screen.findByText('All agents')
    expect(screen.queryByText('Desktops')).toBeNull()
  })
})

describe('all agents', () => {
  it('are stopped after a question', async () => {
    const { fake } = show()
    fake.answer('aiModels.setSwitches', () => ({
      stopped: true,
      stopped_at_start: false,
      byok_enabled: true,
    }))
    await press('Stop all agents…')
    await press('Stop all agents')
    await waitFor(() =>
      expect(fake.inputsOf('aiModels.setSwitches')).toEqual([
        { deploymentId: 'local', switches: { stopped: true } },
      ]),
    )
  })

  it('that are stopped are so above everything else, with the way back', async () => {
    const prepare = (fake: FakeBridge) =>
      fake.answer('aiModels.switches', () => ({ stopped: true, stopped_at_start: false, byok_enabled: true }))
    const { fake } = show({ prepare })
    fake.answer('aiModels.setSwitches', () => ({
      stopped: false,
      stopped_at_start: false,
      byok_enabled: true,
    }))
    await press('Let agents work')
    await waitFor(() =>
      expect(fake.inputsOf('aiModels.setSwitches')[0]?.switches).toEqual({ stopped: false }),
    )
  })

  it('that the server was started without cannot be switched on from here', async () => {
    show({
      prepare: (fake) =>
        fake.answer('aiModels.switches', () => ({
          stopped: true,
          stopped_at_start: true,
          byok_enabled: true,
        })),
    })
    await screen.findByText(/CODER_AI_GATEWAY_ENABLED=false/)
    expect(screen.queryByRole('button', { name: 'Let agents work' })).toBeNull()
  })
})

describe('a member', () => {
  const member = (prepare?: (fake: FakeBridge) => void) =>
    show({
      access: { mayManage: false },
      prepare(fake) {
        fake.answer('chats.models', () => ({
          models: [
            {
              configId: sampleId(62),
              provider: 'Anthropic',
              providerType: 'anthropic',
              displayName: 'Large',
              model: 'large-1',
              contextLimit: 200_000,
              isDefault: true,
              unavailable: 'Needs a key of your own',
            },
          ],
          unsupportedProviders: [],
        }))
        fake.answer('aiModels.ownKeys', () => [sampleOwnKey({ has_provider_api_key: false })])
        prepare?.(fake)
      },
    })

  it('sees the models to use and nothing to manage', async () => {
    const { fake } = member()
    const table = await screen.findByRole('table', { name: 'Models you can use' })
    expect(table.textContent).toContain('Needs a key of your own')
    expect(fake.inputsOf('aiModels.list')).toEqual([])
    expect(screen.queryByText('Add provider')).toBeNull()
  })

  it('saves a key that is gone from the field then', async () => {
    const { fake } = member()
    fake.answer('aiModels.setOwnKey', () => sampleOwnKey({ has_user_api_key: true }))
    await fill('Anthropic', ' sk-own ')
    await press('Save your key for Anthropic')
    await waitFor(() =>
      expect(fake.inputsOf('aiModels.setOwnKey')).toEqual([
        { deploymentId: 'local', providerId: sampleId(60), key: 'sk-own' },
      ]),
    )
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Anthropic').value).toBe(''))
  })

  it('keeps a key that is refused, also over a look at another page', async () => {
    const refuse = (fake: FakeBridge) =>
      fake.answer('aiModels.setOwnKey', () => {
        throw failure<'aiModels.setOwnKey'>('not_allowed', 'Keys of users are switched off.')
      })
    const first = member(refuse)
    await fill('Anthropic', 'sk-own')
    await press('Save your key for Anthropic')
    await screen.findByText('Keys of users are switched off.')
    first.unmount()
    member()
    expect((await screen.findByLabelText<HTMLInputElement>('Anthropic')).value).toBe('sk-own')
  })

  it('of a deployment without agents is told so', async () => {
    member((fake) => {
      fake.answer('chats.models', () => {
        throw failure<'chats.models'>('unsupported', 'The deployment does not know it.')
      })
      fake.answer('aiModels.ownKeys', () => {
        throw failure<'aiModels.ownKeys'>('unsupported', 'The deployment does not know it.')
      })
    })
    await screen.findByText('No agents on this deployment')
  })
})
