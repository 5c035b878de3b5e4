"""CITATION.cff: how to cite the release (Citation File Format 1.2.0, https://citation-file-format.github.io)."""

from __future__ import annotations

import yaml

from mingfu.publish.formats.description import Description

MESSAGE = "引用本数据集时，请使用以下信息。If you use this dataset, please cite it as below."


def citation(description: Description) -> str:
    """Return the citation of this release, with the release's own identifier."""
    dataset = description.dataset
    publisher = dataset["publisher"]
    content = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": f"{dataset['title']['zh']} / {dataset['title']['en']}",
        "authors": [
            {"name": publisher["title"]["zh"], "alias": publisher["title"]["en"], "website": publisher["path"]}
        ],
        "abstract": f"{dataset['description']['zh']}\n{dataset['description']['en']}",
        "version": description.version,
        "date-released": dataset["issued"],
        "url": dataset.get("homepage") or dataset["identifier"],
        "identifiers": [
            {
                "type": "url",
                "value": description.release(description.number),
                "description": "This release, which never changes",
            }
        ],
        "license-url": dataset["licence"]["path"],
        "keywords": dataset["keywords"],
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
