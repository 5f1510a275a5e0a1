"""Django settings of the container: the project's own, named by WSGI_ON_AWS_SETTINGS, under the environment.

The image sets DJANGO_SETTINGS_MODULE to this module, unless the stack's setting `settingsOverlay` is false.
"""

import os

from wsgi_on_aws.overlay import overlaid
from wsgi_on_aws.variables import project_settings

globals().update(overlaid(project_settings(os.environ["WSGI_ON_AWS_SETTINGS"]), os.environ))
