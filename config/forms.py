"""How every form of the house is drawn: errors beside the field, hints tied to it, KERN's classes."""

from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` draw with our components, allauth's forms included."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
