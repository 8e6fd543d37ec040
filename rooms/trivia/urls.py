from django.urls import URLPattern, path

from rooms.trivia import views

urlpatterns: list[URLPattern] = [
    path("r/<slug:code>/screen/", views.screen, name="trivia_screen"),
    path("r/<slug:code>/retry/", views.retry, name="trivia_retry"),
    path("r/<slug:code>/results.csv", views.results_csv, name="trivia_results"),
]
