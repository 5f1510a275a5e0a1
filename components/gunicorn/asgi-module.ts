/**
 * The ASGI module beside a WSGI module, as `django-admin startproject` lays them: `mysite.asgi` beside `mysite.wsgi`, with the
 * same callable.
 * @returns undefined when the WSGI module has another name, from which none follows
 */
export function asgiModuleBeside(wsgiModule: string): string | undefined {
  const [, folder, callable] = /^((?:.*\.)?)wsgi((?::.*)?)$/.exec(wsgiModule) ?? [];
  return folder === undefined || callable === undefined ? undefined : `${folder}asgi${callable}`;
}
