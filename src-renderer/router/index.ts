import { createRouter, createWebHistory } from 'vue-router'

/** Names of the routes; `router.push({ name: 'review', params: { clipId } })`. */
export const ROUTE_NAMES = [
  'home',
  'corpus',
  'review',
  'annotate',
  'compare',
  'history',
  'models',
  'jobs',
  'export',
  'import',
  'settings',
  'keys',
] as const
export type RouteName = (typeof ROUTE_NAMES)[number]

export function createScreens() {
  return createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'home', component: () => import('../features/home/HomeScreen.vue') },
      {
        path: '/corpus',
        name: 'corpus',
        component: () => import('../features/corpus/CorpusScreen.vue'),
        meta: { needsCorpus: true },
      },
      {
        path: '/review/:clipId(\\d+)?',
        name: 'review',
        component: () => import('../features/review/ReviewScreen.vue'),
        meta: { needsCorpus: true },
      },
      {
        path: '/annotate/:recordingId(\\d+)?',
        name: 'annotate',
        component: () => import('../features/annotate/AnnotateScreen.vue'),
        meta: { needsCorpus: true },
      },
      {
        path: '/compare',
        name: 'compare',
        component: () => import('../features/compare/CompareScreen.vue'),
        meta: { needsCorpus: true },
      },
      {
        path: '/history',
        name: 'history',
        component: () => import('../features/history/HistoryScreen.vue'),
        meta: { needsCorpus: true },
      },
      { path: '/models', name: 'models', component: () => import('../features/models/ModelsScreen.vue') },
      { path: '/jobs', name: 'jobs', component: () => import('../features/jobs/JobsScreen.vue') },
      {
        path: '/export',
        name: 'export',
        component: () => import('../features/export/ExportScreen.vue'),
        meta: { needsCorpus: true },
      },
      {
        path: '/import',
        name: 'import',
        component: () => import('../features/import/ImportScreen.vue'),
        meta: { needsCorpus: true },
      },
      {
        path: '/settings',
        name: 'settings',
        component: () => import('../features/settings/SettingsScreen.vue'),
      },
      { path: '/keys', name: 'keys', component: () => import('../features/keys/KeySheetScreen.vue') },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  })
}
