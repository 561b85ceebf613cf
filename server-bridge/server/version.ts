import packageJson from '../../package.json' with { type: 'json' }

/**
 * What the server says it is: the Coder release whose API it speaks, marked as ours. The form parses as semver, and
 * "devel" counts as newest where clients switch features by version (stable-api, "Version skew").
 */
export const serverVersion = `v2.31.0-devel+outpost.${packageJson.version}`
/** Version name of the templates that come with this release. */
export const shippedVersionName = packageJson.version
/** The agent link is ours; these are what Coder clients may look at. */
export const agentApiVersion = '2.0'
export const provisionerApiVersion = '1.0'
