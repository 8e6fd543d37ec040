from django.urls import path

from events.ingest import views

urlpatterns = [path("ingest/beanstalk/", views.beanstalk, name="ingest-beanstalk")]
