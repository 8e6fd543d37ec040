from django.urls import path

from events.ingest import views

# Also without the slash at the end: the daemon takes a redirect for a failure, and comes again and again.
urlpatterns = [
    path("ingest/beanstalk/", views.beanstalk, name="ingest-beanstalk"),
    path("ingest/beanstalk", views.beanstalk),
]
