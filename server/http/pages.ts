import { join } from 'node:path';
import type { RequestHandler, Router } from 'express';
import express from 'express';
import helmet from 'helmet';

/** Screens that nobody may put into a frame; the widget's own page is made to be put into one. */
const screens = {
  '/console': 'console/index.html',
  '/wallboard': 'wallboard/index.html',
  '/customer': 'widget/customer.html',
} as const;

const year = 31_536_000_000;

/**
 * Content-Security-Policy and its companions (ASVS 3.4): nothing inline but style attributes, which the component library
 * sets for placing menus; nothing from elsewhere.
 */
function headers(frameAncestors: readonly string[]): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'style-src-attr': ["'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'", 'ws:', 'wss:'],
        'frame-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': [...frameAncestors],
        'manifest-src': ["'self'"],
      },
    },
    // Framing is decided by frame-ancestors alone: the older header cannot name other sites.
    xFrameOptions: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    strictTransportSecurity: { maxAge: year / 1000, includeSubDomains: false },
  });
}

/**
 * Serves the built screens.
 * @param folder the build's `web` folder
 * @param origins other sites that may embed the widget
 */
export function pages(router: Router, folder: string, origins: readonly string[]): void {
  const own = headers(["'none'"]);
  const framed = headers(["'self'", ...origins]);
  const fresh = { headers: { 'cache-control': 'no-cache' } };
  router.get('/', (_request, response) => response.redirect('/console'));
  for (const [path, file] of Object.entries(screens))
    router.get(path, own, (_request, response) => response.sendFile(join(folder, file), fresh));
  router.get(['/widget', '/widget/'], framed, (_request, response) =>
    response.sendFile(join(folder, 'widget/index.html'), fresh),
  );
  router.get('/widget.js', framed, (_request, response) =>
    response.sendFile(join(folder, 'widget.js'), { headers: { 'cache-control': 'public, max-age=300' } }),
  );
  // Hashed names never change what they hold.
  router.use(
    '/assets',
    framed,
    express.static(join(folder, 'assets'), { immutable: true, maxAge: year, index: false }),
  );
  router.use(own, express.static(folder, { index: false, redirect: false, maxAge: 300_000, extensions: [] }));
}
