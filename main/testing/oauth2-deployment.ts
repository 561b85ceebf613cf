/** A stand-in deployment whose users sign in with the browser. */
import { createCoderOAuth2, type CoderOAuth2 } from '../../server-bridge/testing/coder-oauth2.ts'
import { startStubDeployment, type StubDeployment } from './stub-deployment.ts'

export interface OAuth2Deployment extends StubDeployment {
  readonly oauth2: CoderOAuth2
}

/** Starts it. What its provider gives are tokens that the deployment takes. */
export async function startOAuth2Deployment(): Promise<OAuth2Deployment> {
  const stub = await startStubDeployment()
  let made = 0
  const oauth2 = createCoderOAuth2({
    url: () => stub.url,
    mint: async () => {
      made += 1
      const token = `seeded-secret-access-${String(made)}`
      stub.tokens.add(token)
      return token
    },
    drop: async (token) => void stub.tokens.delete(token),
  })
  stub.tokens.clear()
  stub.override = (request) => oauth2.answer(request)
  return Object.assign(stub, { oauth2 })
}
