import type { Contract } from '#ipc/contract'
import { streamLatest } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { BridgeProcess } from '../bridge/bridge.ts'
import type { LocalServer } from '../local-server/local-server.ts'
import { requireToken, type AcceptCredential } from './accept-credential.ts'
import type { BrowserSignIns } from './browser-sign-in.ts'
import type { Deployments } from './deployments.ts'
import { localDeploymentId } from './deployments-file.ts'
import type { DeploymentNetworks } from './deployment-networks.ts'
import { saved } from './saved.ts'
import type { SignIn } from './sign-in.ts'
import { tooOld } from './too-old.ts'

export interface DeploymentsHandlersDeps {
  readonly deployments: Deployments
  readonly signIn: SignIn
  readonly accept: AcceptCredential
  readonly browserSignIns: Pick<BrowserSignIns, 'openAgain' | 'copyAddress'>
  readonly networks: Pick<DeploymentNetworks, 'accept' | 'trial'>
  readonly localServer: Pick<LocalServer, 'retry'>
  readonly bridge: Pick<BridgeProcess, 'retry'>
  /** Opens a page of the deployment in the browser; throws `refused`. */
  readonly openPage: (url: string) => Promise<unknown>
}

/** The procedures around the list of deployments. */
export function createDeploymentsHandlers({
  deployments,
  signIn,
  accept,
  browserSignIns,
  networks,
  localServer,
  bridge,
  openPage,
}: DeploymentsHandlersDeps): FeatureHandlers<Contract['deployments']> {
  const refuseKnown = (url: string): void => {
    const known = deployments.findByUrl(url)
    if (known !== undefined) {
      throw new ProcedureError('already_added', `${known.url} is already in your list as "${known.name}".`, {
        details: { deploymentId: known.id },
      })
    }
  }
  return {
    watch: (_, { signal }) => streamLatest(deployments.view, signal),
    async setActive({ deploymentId }) {
      await saved(() => deployments.setActive(deploymentId))
      return null
    },
    async probe({ url, network }, { signal }) {
      const origin = signIn.normalize(url)
      refuseKnown(origin)
      const wanted = await saved(() => networks.accept(network, origin))
      const found = await signIn.probe(url, signal, (to) => networks.trial(wanted, to))
      // The address can have moved to HTTPS on the way.
      refuseKnown(found.url)
      return {
        url: found.url,
        version: found.buildInfo.version,
        tokenPageUrl: `${found.url}/cli-auth`,
        insecure: found.insecure,
        hasFirstUser: found.hasFirstUser,
        methods: found.methods,
        tooOld: tooOld(found.buildInfo.version),
      }
    },
    async add({ url, credential, name, network }, { signal }) {
      const origin = signIn.normalize(url)
      refuseKnown(origin)
      const wanted = await saved(() => networks.accept(network, origin))
      const isTokenOptional = wanted.network.certFile !== ''
      requireToken(credential, isTokenOptional)
      const open = (to: string) => networks.trial(wanted, to)
      const found = await signIn.probe(url, signal, open)
      refuseKnown(found.url)
      return await accept(credential, { url: found.url, signal, open, isTokenOptional }, (session) =>
        saved(() => deployments.add({ url: found.url, session, name, wanted })),
      )
    },
    async signInMethods({ deploymentId }, { signal }) {
      const { url } = deployments.connection(deploymentId).view.get()
      return await signIn.methods(url, signal, () => deployments.openNetwork(deploymentId))
    },
    async signIn({ deploymentId, credential }, { signal }) {
      const { url } = deployments.connection(deploymentId).view.get()
      const open = () => deployments.openNetwork(deploymentId)
      await accept(credential, { url, signal, open, isTokenOptional: false }, (session) =>
        saved(() => deployments.replaceSession(deploymentId, session)),
      )
      return null
    },
    async openSignInPage({ attemptId }) {
      await browserSignIns.openAgain(attemptId)
      return null
    },
    async copySignInAddress({ attemptId }) {
      await browserSignIns.copyAddress(attemptId)
      return null
    },
    async signOut({ deploymentId }) {
      return { isEnded: await saved(() => deployments.signOut(deploymentId)) }
    },
    async remove({ deploymentId }) {
      await saved(() => deployments.remove(deploymentId))
      return null
    },
    async rename({ deploymentId, name }) {
      await saved(() => deployments.rename(deploymentId, name))
      return null
    },
    retry({ deploymentId }) {
      const connection = deployments.connection(deploymentId)
      // Whatever was given up on the way to the deployment gets another chance with it.
      bridge.retry()
      if (deploymentId === localDeploymentId) localServer.retry()
      connection.retry()
      return null
    },
    async openTokenPage({ url }) {
      await openPage(`${signIn.normalize(url)}/cli-auth`)
      return null
    },
  }
}
