import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ToolRule } from '#bridge/contract/chats-approvals'
import { sampleDebugLogging } from '../../testing/debug-samples.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { noTotals, sampleCost, sampleLimits } from '../../testing/model-samples.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId, sampleMcpServer, sampleWorkspace } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import { showDebugSettings } from '../chat-debug/index.ts'
import { AgentsSettings } from './agents-settings.tsx'
import { useLimitsDrafts, useNewLimitDrafts } from './limits-draft.ts'

const workspaceId = sampleId(2)
const defaults: ToolRule[] = [
  { tool: 'read_file', policy: 'always' },
  { tool: 'execute', policy: 'ask' },
  { tool: '*', policy: 'ask' },
]

interface Scene {
  readonly mayManage?: boolean
  readonly own?: ToolRule[]
  readonly deployment?: ToolRule[]
  readonly prepare?: (fake: FakeBridge) => void
}

function show({ mayManage = true, own = [], deployment = [], prepare }: Scene = {}) {
  const fake = createQuietBridge()
  const rules = { own, deployment }
  fake.answer('aiModels.access', () => ({ mayManage, hasSwitches: true, hasFoundModels: true }))
  fake.answer('chatGovernance.toolPolicy', ({ whose }) => ({ rules: rules[whose], defaults }))
  fake.answer('chatGovernance.setToolPolicy', ({ whose, policy }) => {
    rules[whose] = policy.rules
    return null
  })
  fake.answer('mcpServers.list', () => ({
    capability: 'user_headers',
    vault: 'ready',
    servers: [
      {
        config: sampleMcpServer({ slug: 'issues', display_name: 'Issue tracker' }),
        headers: [],
        leftOver: [],
      },
    ],
  }))
  fake.feed('workspaces.watchList', () => ({
    workspaces: [sampleWorkspace({ id: workspaceId, name: 'payments-api' })],
    count: 1,
  }))
  fake.answer('chatGovernance.limits', () => sampleLimits({ spend_limit_micros: 40_000_000 }))
  fake.answer('chatGovernance.usersCost', () => ({
    start_date: '2026-11-01T00:00:00Z',
    end_date: '2026-11-30T00:00:00Z',
    count: 0,
    users: [],
  }))
  prepare?.(fake)
  return { fake, ...renderPage(<AgentsSettings />, fake) }
}
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }))
const choice = async (tool: string, policy: string) => {
  // The first drawing of a window takes long on a machine that is busy.
  const row = (await screen.findByText(tool, undefined)).closest('tr')
  if (row === null) throw new Error(`${tool} has no row`)
  return within(row).getByRole<HTMLButtonElement>('button', { name: policy })
}
const sentRules = (fake: FakeBridge) =>
  fake.inputsOf('chatGovernance.setToolPolicy').map(({ whose, policy }) => [whose, policy.rules])
const unsupported = () => {
  throw failure<'chatGovernance.toolPolicy'>('unsupported', 'The deployment does not know it.')
}

beforeEach(() =>
  act(() => {
    showDebugSettings(false)
    useLimitsDrafts.setState({}, true)
    useNewLimitDrafts.setState({}, true)
  }),
)

describe('rules for tools', () => {
  it('are saved as they are chosen, and taken back by the toast', async () => {
    const { fake } = show()
    fireEvent.click(await choice('Run commands', 'Never'))
    await waitFor(() => expect(useToasts.getState().toasts.at(-1)?.title).toBe('Run commands: Never'))
    act(() => useToasts.getState().toasts.at(-1)?.action?.onSelect())
    await waitFor(() =>
      expect(sentRules(fake)).toEqual([
        ['own', [{ tool: 'execute', policy: 'never' }]],
        ['own', []],
      ]),
    )
    expect((await choice('Run commands', 'Ask')).getAttribute('aria-pressed')).toBe('true')
  })

  it('that are changed at the same time are all kept', async () => {
    const { fake } = show()
    fireEvent.click(await choice('Run commands', 'Always'))
    fireEvent.click(await choice('All tools of Issue tracker', 'Never'))
    await waitFor(() =>
      expect(sentRules(fake).at(-1)?.[1]).toEqual([
        { tool: 'execute', policy: 'always' },
        { tool: 'issues__*', policy: 'never' },
      ]),
    )
  })

  it('go back to what the deployment has when they cannot be saved', async () => {
    const { fake } = show()
    fake.answer('chatGovernance.setToolPolicy', () => {
      throw failure('unreachable', 'acme does not answer.')
    })
    fireEvent.click(await choice('Run commands', 'Never'))
    await waitFor(() => expect(useToasts.getState().toasts.at(-1)?.detail).toBe('acme does not answer.'))
    await waitFor(async () =>
      expect((await choice('Run commands', 'Ask')).getAttribute('aria-pressed')).toBe('true'),
    )
  })

  it('of one’s own cannot be laxer than the deployment’s', async () => {
    show({ own: [{ tool: 'execute', policy: 'always' }], deployment: [{ tool: 'execute', policy: 'ask' }] })
    expect((await choice('Run commands', 'Always')).hasAttribute('data-disabled')).toBe(true)
    expect((await choice('Run commands', 'Ask')).getAttribute('aria-pressed')).toBe('true')
    expect(screen.getByRole('img', { name: 'The deployment says: Ask' })).toBeTruthy()
  })

  it('of everybody are for administrators', async () => {
    const { fake } = show()
    await press('Everybody’s')
    fireEvent.click(await choice('Read files', 'Ask'))
    await waitFor(() =>
      expect(sentRules(fake)).toEqual([['deployment', [{ tool: 'read_file', policy: 'ask' }]]]),
    )
  })

  it('of a member are their own alone', async () => {
    show({ mayManage: false })
    await choice('Run commands', 'Ask')
    expect(screen.queryByRole('button', { name: 'Everybody’s' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Spending' })).toBeNull()
  })

  it('in one workspace are listed and removed', async () => {
    const { fake } = show({ own: [{ tool: 'execute', policy: 'always', workspace_id: workspaceId }] })
    await press('Remove the rule for Run commands in payments-api')
    await waitFor(() => expect(sentRules(fake)).toEqual([['own', []]]))
  })

  it('are not there on every deployment', async () => {
    show({ prepare: (fake) => fake.answer('chatGovernance.toolPolicy', unsupported) })
    await screen.findByText('This machine has no rules for tools')
  })
})

describe('limits of spending', () => {
  it('are typed in dollars and sent in millionths', async () => {
    const { fake } = show()
    fake.answer('chatGovernance.setLimits', () => sampleLimits({ spend_limit_micros: 2_500_000 }))
    await press('Spending')
    fireEvent.change(await screen.findByLabelText('Each person may spend'), { target: { value: '2.50' } })
    fireEvent.change(screen.getByLabelText('Each chat may spend'), { target: { value: '0.1' } })
    await press('A week')
    await press('Save limits')
    await waitFor(() =>
      expect(fake.inputsOf('chatGovernance.setLimits')[0]?.limits).toEqual({
        spend_limit_micros: 2_500_000,
        chat_spend_limit_micros: 100_000,
        period: 'week',
      }),
    )
  })

  it('stay typed when they are refused, and over a look at another page', async () => {
    const refuse = (fake: FakeBridge) =>
      fake.answer('chatGovernance.setLimits', () => {
        throw failure('unreachable', 'acme does not answer.')
      })
    const first = show({ prepare: refuse })
    await press('Spending')
    fireEvent.change(await screen.findByLabelText('Each person may spend'), { target: { value: '12' } })
    await press('Save limits')
    await screen.findByText('acme does not answer.')
    first.unmount()
    show()
    await press('Spending')
    expect((await screen.findByLabelText<HTMLInputElement>('Each person may spend')).value).toBe('12')
  })

  it('that are no amounts are not sent', async () => {
    const { fake } = show()
    await press('Spending')
    fireEvent.change(await screen.findByLabelText('Each person may spend'), { target: { value: '2,50' } })
    await press('Save limits')
    await screen.findByText('Write an amount in dollars, such as 25 or 2.50.')
    expect(fake.inputsOf('chatGovernance.setLimits')).toEqual([])
  })

  it('of each chat are left out where the deployment does not know them', async () => {
    show({
      prepare: (fake) =>
        fake.answer('chatGovernance.limits', () => {
          const { chat_spend_limit_micros: _, ...limits } = sampleLimits()
          return limits
        }),
    })
    await press('Spending')
    await screen.findByLabelText('Each person may spend')
    expect(screen.queryByLabelText('Each chat may spend')).toBeNull()
  })

  it('of one person are removed, and come back by the toast', async () => {
    const mira = {
      user_id: sampleId(1, 2),
      username: 'mira',
      name: '',
      avatar_url: '',
      spend_limit_micros: 5,
    }
    const { fake } = show({
      prepare: (bridge) =>
        bridge.answer('chatGovernance.limits', () =>
          sampleLimits({ overrides: [mira], unpriced_model_count: 2 }),
        ),
    })
    fake.answer('chatGovernance.setUserLimit', () => null)
    await press('Spending')
    await screen.findByText('2 models have no price')
    await press('Remove the limit of mira')
    await waitFor(() => expect(useToasts.getState().toasts.at(-1)?.title).toBe('mira has everybody’s limit'))
    act(() => useToasts.getState().toasts.at(-1)?.action?.onSelect())
    await waitFor(() =>
      expect(
        fake.inputsOf('chatGovernance.setUserLimit').map(({ spendLimitMicros }) => spendLimitMicros),
      ).toEqual([null, 5]),
    )
  })
})

describe('usage', () => {
  const chats = Array.from({ length: 12 }, (_, index) => ({
    ...noTotals,
    root_chat_id: sampleId(30, index + 1),
    chat_title: `Chat ${String(index + 1)}`,
    message_count: 1,
    total_cost_micros: 1_000_000 * (20 - index),
  }))
  const withCosts = (fake: FakeBridge) =>
    fake.answer('chatGovernance.ownCost', () =>
      sampleCost({
        total_cost_micros: 12_340_000,
        priced_message_count: 3,
        unpriced_message_count: 1,
        by_chat: chats,
        by_model: [
          {
            ...noTotals,
            model_config_id: sampleId(62),
            display_name: 'Large',
            provider: 'anthropic',
            model: 'large-1',
            message_count: 3,
            total_cost_micros: 12_340_000,
          },
        ],
      }),
    )

  it('is drawn by model, with the table on demand, and paged by chat', async () => {
    show({ prepare: withCosts })
    await press('Usage and cost')
    const chart = await screen.findByRole('list', { name: 'Cost by model' })
    expect(chart.textContent).toBe('Large$12.34')
    await press('Show as table')
    expect(screen.getByRole('table', { name: 'Cost by model' }).textContent).toContain('$12.34')
    expect(screen.queryByText('Chat 11')).toBeNull()
    await press('More chats')
    await screen.findByText('Chat 11')
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search chats' }), { target: { value: 'chat 3' } })
    await screen.findByText('Chat 3')
    expect(
      screen.getByText('1 message came from a model without a price and counts as nothing.'),
    ).toBeTruthy()
  })

  it('is asked for the days that are chosen', async () => {
    const { fake } = show({ prepare: withCosts })
    await press('Usage and cost')
    await press('7 days')
    await waitFor(() => expect(fake.inputsOf('chatGovernance.ownCost')).toHaveLength(2))
    const days = fake
      .inputsOf('chatGovernance.ownCost')
      .map(({ startDate, endDate }) => (Date.parse(endDate) - Date.parse(startDate)) / 86_400_000)
    expect(days).toEqual([30, 7])
  })

  it('says so when there is none', async () => {
    show({ prepare: (fake) => fake.answer('chatGovernance.ownCost', () => sampleCost()) })
    await press('Usage and cost')
    await screen.findByText('No chats in the last 30 days')
  })

  it('of everybody is searched by the deployment', async () => {
    const person = {
      ...noTotals,
      user_id: sampleId(1, 2),
      username: 'mira',
      name: 'Mira',
      avatar_url: '',
      message_count: 1,
      chat_count: 1,
    }
    const { fake } = show({
      prepare(bridge) {
        withCosts(bridge)
        bridge.answer('chatGovernance.usersCost', ({ username }) => ({
          start_date: '2026-11-01T00:00:00Z',
          end_date: '2026-11-30T00:00:00Z',
          count: username === 'nobody' ? 0 : 1,
          users: username === 'nobody' ? [] : [person],
        }))
      },
    })
    await press('Usage and cost')
    await press('Everybody’s')
    await screen.findByText('Mira')
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search people' }), {
      target: { value: 'nobody' },
    })
    await screen.findByText('Nobody with this name used an agent in these days.')
    expect(fake.inputsOf('chatGovernance.usersCost').at(-1)).toMatchObject({ username: 'nobody', offset: 0 })
  })
})

describe('debug logging', () => {
  const withLogging = (fake: FakeBridge) => {
    fake.answer('chatDebug.logging', () => sampleDebugLogging())
    fake.answer('chatDebug.rules', () => null)
  }

  it('has a part of its own, where the panel of a chat leads', async () => {
    act(() => showDebugSettings(true))
    show({ prepare: withLogging })
    await screen.findByRole('switch', { name: 'Debug logging' })
    await press('Usage and cost')
    expect(screen.queryByRole('switch', { name: 'Debug logging' })).toBeNull()
    await press('Debug logging')
    await screen.findByRole('switch', { name: 'Debug logging' })
  })

  it('is not there on every deployment', async () => {
    act(() => showDebugSettings(true))
    show()
    await choice('Run commands', 'Ask')
    expect(screen.queryByRole('button', { name: 'Debug logging' })).toBeNull()
  })
})

describe('what is the user’s own', () => {
  it('has a part of its own', async () => {
    show()
    await press('Personal')
    await screen.findByRole('group', { name: 'Send with' })
  })

  it('has skills where the deployment has any, or says why they cannot be read', async () => {
    const first = show()
    await choice('Run commands', 'Ask')
    expect(screen.queryByRole('button', { name: 'Skills' })).toBeNull()
    first.unmount()
    const second = show({ prepare: (fake) => fake.answer('ownAgents.skills', () => []) })
    await press('Skills')
    await screen.findByText('Teach your agents something')
    second.unmount()
    show({
      prepare: (fake) =>
        fake.answer('ownAgents.skills', () => {
          throw failure('unreachable', 'acme does not answer.')
        }),
    })
    await press('Skills')
    await screen.findByText('Your skills cannot be shown')
  })
})
