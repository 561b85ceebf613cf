import { buildInfoRoutes } from '../../contract/build-info.ts'
import { deploymentRoutes } from '../../contract/deployment.ts'
import { serverFeatures } from '../../contract/features.ts'
import { type ServedOptions, sshNaming } from '../services/deployment-config.ts'
import type { DeploymentSettings } from '../services/deployment-settings.ts'
import { agentApiVersion, provisionerApiVersion, serverVersion } from '../version.ts'
import { bound } from './bind-routes.ts'

/** What the server says about itself. */
export function deploymentHandlers(
  settings: DeploymentSettings,
  accessUrl: () => string,
  { experiments }: Pick<ServedOptions, 'experiments'>,
) {
  return [
    ...bound(buildInfoRoutes, {
      get: () => ({
        external_url: 'https://github.com/coder/coder',
        version: serverVersion,
        dashboard_url: accessUrl(),
        telemetry: false,
        workspace_proxy: false,
        agent_api_version: agentApiVersion,
        provisioner_api_version: provisionerApiVersion,
        upgrade_message: '',
        deployment_id: settings.deploymentId,
        outpost_features: [...serverFeatures],
      }),
    }),
    ...bound(deploymentRoutes, {
      healthz: () => new Response('OK', { headers: { 'content-type': 'text/plain; charset=utf-8' } }),
      experiments: () => [...experiments],
      ssh: () => ({
        hostname_prefix: sshNaming.prefix,
        hostname_suffix: sshNaming.suffix,
        ssh_config_options: {},
      }),
    }),
  ]
}
