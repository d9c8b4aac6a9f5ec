import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '#shared/contract/index.ts'
import { type App, inject, type InjectionKey, type Ref } from 'vue'
import { type ConnectionState, createConnection } from './connection.ts'
import { messagePortOpener, webSocketOpener } from './transports.ts'

export type Api = ContractRouterClient<Contract>

export interface CoreClient {
  api: Api
  connection: Readonly<Ref<ConnectionState>>
}

const CORE: InjectionKey<CoreClient> = Symbol('core')

export function connect(): CoreClient {
  const isElectron = location.protocol === 'signwright:'
  const connection = createConnection({
    open: isElectron ? messagePortOpener(window) : webSocketOpener(location),
  })
  return { api: createORPCClient<Api>(connection.link), connection: connection.state }
}

/** Makes the core reachable by `useApi` in every component and store of the app. */
export function provideCore(app: App, core: CoreClient): void {
  app.provide(CORE, core)
}

function useCore(): CoreClient {
  const core = inject(CORE)
  if (!core) throw new Error('No core was provided to this app.')
  return core
}

export function useApi(): Api {
  return useCore().api
}

export function useConnection(): Readonly<Ref<ConnectionState>> {
  return useCore().connection
}
