import { describe, expect, it } from 'vitest'
import { sampleId } from '../../testing/wire-samples.ts'
import { sampleProvider } from '../../testing/model-samples.ts'
import {
  changeProvider,
  newProvider,
  newProviderDraft,
  providerChanges,
  providerDraftOf,
  providerProblems,
} from './provider-draft.ts'

const start = { isOutpost: true, taken: [] }
const asNew = { isNew: true, taken: ['anthropic'] }

describe('a new provider', () => {
  it('starts with the name and address of its kind, as the deployment wants it', () => {
    expect(newProviderDraft('anthropic', start)).toMatchObject({
      name: 'anthropic',
      displayName: 'Anthropic',
      baseUrl: 'https://api.anthropic.com/v1',
    })
    expect(newProviderDraft('anthropic', { isOutpost: false, taken: ['anthropic'] })).toMatchObject({
      name: 'anthropic-2',
      baseUrl: 'https://api.anthropic.com',
    })
  })

  it('has a name that follows what people call it, until somebody types one', () => {
    const draft = newProviderDraft('openai-compat', start)
    const called = changeProvider(draft, { displayName: 'Büro: GPU 2' }, ['buro-gpu-2'])
    expect(called.name).toBe('buro-gpu-2-2')
    const named = changeProvider(called, { name: 'gpu' }, [])
    expect(changeProvider(named, { displayName: 'Other' }, []).name).toBe('gpu')
  })

  it('of Bedrock has the address of its region, until somebody types one', () => {
    const draft = newProviderDraft('bedrock', start)
    const moved = changeProvider(draft, { bedrock: { ...draft.bedrock, region: 'eu-west-1' } }, [])
    expect(moved.baseUrl).toBe('https://bedrock-runtime.eu-west-1.amazonaws.com')
    const typed = changeProvider(moved, { baseUrl: 'https://proxy.acme.dev' }, [])
    const again = changeProvider(typed, { bedrock: { ...typed.bedrock, region: 'us-west-2' } }, [])
    expect(again.baseUrl).toBe('https://proxy.acme.dev')
  })

  it('says what has to be put right', () => {
    const draft = { ...newProviderDraft('openai', start), name: 'Open AI', baseUrl: 'file:///etc' }
    expect(providerProblems(draft, asNew)).toEqual({
      name: 'Use small letters, digits and single hyphens between them.',
      baseUrl: 'Write a web address, such as https://models.example.com/v1.',
    })
    expect(providerProblems({ ...newProviderDraft('anthropic', start) }, asNew)).toEqual({
      name: 'Another provider has this name. Choose a different one.',
    })
    const bedrock = newProviderDraft('bedrock', start)
    expect(Object.keys(providerProblems(bedrock, asNew))).toEqual(['accessKey', 'accessKeySecret'])
    const roleArn = 'arn:aws:iam::123456789012:role/Bedrock'
    const withRole = { ...bedrock, bedrock: { ...bedrock.bedrock, roleArn } }
    expect(providerProblems(withRole, asNew)).toEqual({})
  })

  it('is sent with its key trimmed, and Bedrock with its settings', () => {
    const draft = { ...newProviderDraft('openai', start), newKey: ' sk-typed\n' }
    expect(newProvider(draft)).toEqual({
      type: 'openai',
      name: 'openai',
      display_name: 'OpenAI',
      enabled: true,
      base_url: 'https://api.openai.com/v1',
      api_keys: ['sk-typed'],
    })
    const bedrock = newProviderDraft('bedrock', start)
    const typed = { ...bedrock.bedrock, accessKey: 'AKIA', accessKeySecret: 'typed' }
    expect(newProvider({ ...bedrock, bedrock: typed }).settings).toEqual({
      _type: 'bedrock',
      _version: 1,
      region: 'us-east-1',
      access_key: 'AKIA',
      access_key_secret: 'typed',
    })
  })
})

describe('a change of a provider', () => {
  const provider = sampleProvider({
    api_keys: [1, 2].map((index) => ({
      id: sampleId(61, index),
      masked: `sk-…${String(index)}`,
      created_at: '2026-09-01T00:00:00Z',
    })),
  })

  it('sends nothing that stays', () => {
    expect(providerChanges(provider, providerDraftOf(provider))).toEqual({})
  })

  it('keeps keys by their id, and adds the one that was typed', () => {
    const draft = { ...providerDraftOf(provider), newKey: 'sk-new', removedKeys: [sampleId(61, 1)] }
    expect(providerChanges(provider, draft)).toEqual({
      api_keys: [{ id: sampleId(61, 2) }, { api_key: 'sk-new' }],
    })
  })

  it('leaves secrets of Bedrock that are not typed again as they are', () => {
    const settings = { _type: 'bedrock', _version: 1, region: 'eu-west-1', model: 'm' }
    const bedrock = sampleProvider({ type: 'bedrock', api_keys: [], settings })
    const draft = providerDraftOf(bedrock)
    expect(providerProblems(draft, { isNew: false, taken: [] })).toEqual({})
    const moved = { ...draft, bedrock: { ...draft.bedrock, region: 'eu-central-1' } }
    expect(providerChanges(bedrock, moved)).toEqual({
      settings: { _type: 'bedrock', _version: 1, region: 'eu-central-1', model: 'm' },
    })
  })
})
