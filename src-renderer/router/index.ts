import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

/** Names of the routes; `router.push({ name: 'review', params: { clipId } })`. */
export const ROUTE_NAMES = [
  'home',
  'corpus',
  'review',
  'annotate',
  'agreement',
  'search',
  'pseudo-glosses',
  'compare',
  'density',
  'rating',
  'history',
  'merge',
  'models',
  'jobs',
  'export',
  'report',
  'rights',
  'import',
  'settings',
  'keys',
] as const
export type RouteName = (typeof ROUTE_NAMES)[number]

const needsCorpus = { needsCorpus: true }

/** Screens that show the open corpus. */
const CORPUS_SCREENS: RouteRecordRaw[] = [
  {
    path: '/corpus',
    name: 'corpus',
    component: () => import('../features/corpus/CorpusScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/review/:clipId(\\d+)?',
    name: 'review',
    component: () => import('../features/review/ReviewScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/annotate/:recordingId(\\d+)?',
    name: 'annotate',
    component: () => import('../features/annotate/AnnotateScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/agreement',
    name: 'agreement',
    component: () => import('../features/agreement/AgreementScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/search',
    name: 'search',
    component: () => import('../features/search/SearchScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/pseudo-glosses',
    name: 'pseudo-glosses',
    component: () => import('../features/pseudo-gloss/PseudoGlossScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/compare',
    name: 'compare',
    component: () => import('../features/compare/CompareScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/density',
    name: 'density',
    component: () => import('../features/density/DensityScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/rating',
    name: 'rating',
    component: () => import('../features/rating/RatingScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/merge',
    name: 'merge',
    component: () => import('../features/merge/MergeScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/history',
    name: 'history',
    component: () => import('../features/history/HistoryScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/report',
    name: 'report',
    component: () => import('../features/report/ReportScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/export',
    name: 'export',
    component: () => import('../features/export/ExportScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/rights',
    name: 'rights',
    component: () => import('../features/rights/RightsScreen.vue'),
    meta: needsCorpus,
  },
  {
    path: '/import',
    name: 'import',
    component: () => import('../features/import/ImportScreen.vue'),
    meta: needsCorpus,
  },
]

export function createScreens() {
  return createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'home', component: () => import('../features/home/HomeScreen.vue') },
      ...CORPUS_SCREENS,
      { path: '/models', name: 'models', component: () => import('../features/models/ModelsScreen.vue') },
      { path: '/jobs', name: 'jobs', component: () => import('../features/jobs/JobsScreen.vue') },
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
