"""
Paper: door card, badge, letters, poster, forms, monthly sheet.

One function per document turns plain facts into a `Sheet` (a layout and the words on it); `press` makes a tagged PDF
of it, a template of the same name under `templates/paper/` a page to print. Words never pass through Typst's parser.
"""
