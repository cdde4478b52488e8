{% autoescape off %}self.KEPT = {{ kept }};
importScripts("{% static 'js/worker.js' %}");{% endautoescape %}
