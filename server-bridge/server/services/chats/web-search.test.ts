import { expect, it } from 'vitest'
import { webSearchFor } from './web-search.ts'

const searcher = (...names: string[]) => ({
  provider: { type: 'anthropic' },
  model: 'claude-sonnet-4-5',
  config: {
    provider_options: { anthropic: { web_search_enabled: true, allowed_domains: ['example.com'] } },
  },
  tools: names.map((name) => ({ name })),
})

it('the search of a provider is told by its own id and its settings', async () => {
  expect(await webSearchFor(searcher('read_file'))).toEqual([
    {
      type: 'provider',
      name: 'web_search',
      id: 'anthropic.web_search_20250305',
      args: { allowedDomains: ['example.com'] },
    },
  ])
})

it('a tool of the same name takes the place of a provider’s search', async () => {
  expect(await webSearchFor(searcher('read_file', 'web_search'))).toEqual([])
})
