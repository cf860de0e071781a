"""The site of an edition: pages made of the files of one revision, and of nothing else.

`build(folder)` writes folder/site. It opens from disk by double-click, without network or
server: styles and scripts lie once in site/assets, data stands in the pages. Every page is
written by a module of its own (overview, ranking, region, indicator, method) that has
`pages(site)`; what they share stands in `edition` (what the files say), `figures` (tables and
charts) and `pages` (templates, numbers, languages).
"""

from dagster_project.site.build import begin, build, code_digest, load
from dagster_project.site.picture import key_picture

__all__ = ["begin", "build", "code_digest", "key_picture", "load"]
