/**
 * How a deployment is reached: what the user set for it, and what that comes to for one connection. The names of the
 * TLS settings are those of Coder's VS Code extension, so that what an organization tells its people fits here as well.
 */
import { z } from 'zod'

/** Of a file; empty for none. Whether it is there is found out when it is read. */
const filePath = z
  .string()
  .max(4096)
  .refine((path) => !path.includes('\0'))
const command = z
  .string()
  .trim()
  .max(4096)
  .refine((text) => !text.includes('\0'))

export const proxyModes = ['system', 'manual', 'none'] as const

/** What is kept with a deployment. No secret is in it. */
export const deploymentNetworkSchema = z.strictObject({
  /** PEM; trusted beside the authorities that every program knows. */
  caFile: filePath,
  /** PEM of the client's certificate, with its chain. */
  certFile: filePath,
  /** PEM; empty when the key is in `certFile`. */
  keyFile: filePath,
  /** The name the server's certificate is checked for, where it differs from the address. */
  serverName: z
    .string()
    .trim()
    .max(253)
    .regex(/^[\w.:-]*$/),
  /** Run once when the client's certificate has expired; it writes the files anew. */
  refreshCommand: command,
  /** Prints `name=value` lines, which go as headers to the deployment and nowhere else. */
  headerCommand: command,
  proxyMode: z.enum(proxyModes),
  /** `http://`, `https://` or `socks5://`, without credentials: those are in the keychain. */
  proxyUrl: z
    .string()
    .trim()
    .max(2048)
    .regex(/^(?:(?:(?:https?|socks5h?):\/\/)?[^\s/@?#]+\/?)?$/i),
  /** Hosts reached without the proxy, separated by commas or spaces. */
  bypass: z.string().trim().max(4096),
})
export type DeploymentNetwork = z.output<typeof deploymentNetworkSchema>

/** As the system has it, which is what every other program does. */
export const defaultNetwork: DeploymentNetwork = {
  caFile: '',
  certFile: '',
  keyFile: '',
  serverName: '',
  refreshCommand: '',
  headerCommand: '',
  proxyMode: 'system',
  proxyUrl: '',
  bypass: '',
}

/** One way out, as a PAC file names them. */
export const proxySchema = z.discriminatedUnion('scheme', [
  z.strictObject({ scheme: z.literal('direct') }),
  z.strictObject({
    scheme: z.enum(['http', 'https', 'socks5']),
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535),
  }),
])
export type Proxy = z.output<typeof proxySchema>
export type ProxyServer = Exclude<Proxy, { scheme: 'direct' }>

/** A secret. Given to that proxy and to no other. */
export const proxyCredentialsSchema = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535),
  username: z.string().max(255),
  password: z.string().max(255),
})
export type ProxyCredentials = z.output<typeof proxyCredentialsSchema>

/** What it comes to for one deployment now. Holds a secret: for the processes that connect, and nothing else. */
export const networkOptionsSchema = z.strictObject({
  ...deploymentNetworkSchema.pick({
    caFile: true,
    certFile: true,
    keyFile: true,
    serverName: true,
    refreshCommand: true,
    headerCommand: true,
  }).shape,
  /** Tried one after the other until one can be reached. Empty: the system names nothing that we know. */
  proxies: z.array(proxySchema).max(16),
  proxyCredentials: proxyCredentialsSchema.nullable(),
})
export type NetworkOptions = z.output<typeof networkOptionsSchema>
