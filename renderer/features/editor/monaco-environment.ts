/**
 * What Monaco needs of the page under its policy: one Trusted Types policy for all it makes, and its worker as a file of
 * the app. Imported before Monaco, which asks for its policies while it loads.
 */
import workerUrl from 'monaco-editor/editor/editor.worker.js?worker&url'

interface TrustedPolicy {
  createHTML(text: string): unknown
  createScriptURL(url: string): unknown
}
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: Record<'createHTML' | 'createScriptURL', (text: string) => string>,
  ): TrustedPolicy
}
type PolicyRules = Partial<
  Record<'createHTML' | 'createScript' | 'createScriptURL', (text: string) => string>
>

/** The one name that the policy of the page allows (`main/security/content-security-policy.ts`). */
const policyName = 'outpost-editor'

const types = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes
const policy = types?.createPolicy(policyName, {
  // Monaco writes its lines as markup of its own, in which it escapes the text.
  createHTML: (html) => html,
  createScriptURL: (url) => {
    if (new URL(url, location.href).href !== new URL(workerUrl, location.href).href) {
      throw new TypeError('The editor loads its own worker only.')
    }
    return url
  },
})

/** A policy as Monaco asks for one; each gives only what was asked for. Scripts from text are given to nobody. */
function createTrustedTypesPolicy(_name: string, rules: PolicyRules | undefined): unknown {
  if (!policy || !rules) return undefined
  const { createHTML, createScriptURL } = rules
  return {
    ...(createHTML ? { createHTML: (html: string) => policy.createHTML(createHTML(html)) } : {}),
    ...(createScriptURL
      ? { createScriptURL: (url: string) => policy.createScriptURL(createScriptURL(url)) }
      : {}),
  }
}

Object.assign(globalThis, {
  MonacoEnvironment: {
    createTrustedTypesPolicy,
    getWorker: (): Worker => {
      const url = policy?.createScriptURL(workerUrl) ?? workerUrl
      return new Worker(url as string, { type: 'module', name: 'editor' })
    },
  },
})
