// The recordings that are open or in the project, in groups. Knows their names, labels, tags and marks, not their samples.
// Search and filters are here rather than in a proxy: a model of thousands answers each key stroke with one pass over
// prepared texts and one reset. GUI thread.
#pragma once

#include "widgets/controls/status_mark.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>
#include <QStringList>

#include <vector>

namespace kino {

enum class LibraryState { waiting, loading, ready, failed };

struct LibraryItem {
    qint64 id = 0;
    /** Its heading where recordings are grouped by what suits them: the subject, else the folder. */
    QString group;
    QString name;
    /** "0:12" */
    QString detail;
    LibraryState state = LibraryState::waiting;
    Mark mark = Mark::none;
    /** Why it is marked, or what went wrong; lines. */
    QString tip;
    QString subject = {};
    QString folder = {};
    QStringList labels = {};
    QStringList tags = {};
    bool hasVideo = false;
    /** Its files are not where they were. */
    bool isMissing = false;
    /** Further words that a search finds: the format, devices. */
    QString words = {};
    /** What a search looks at; made by LibraryModel::prepared(), and by the model where it is empty. */
    QString searched = {};
};

enum class LibraryGrouping { automatic, folder, subject, tag, none };

/** Empty shows everything. Words must all be found; of the labels one must be there, and of the tags one. */
struct LibraryQuery {
    QString text;
    QSet<QString> labels;
    QSet<QString> tags;
    bool onlyMarked = false; // with warnings, problems or missing files

    bool isEmpty() const { return text.trimmed().isEmpty() && labels.isEmpty() && tags.isEmpty() && !onlyMarked; }
    friend bool operator==(const LibraryQuery &, const LibraryQuery &) = default;
};

/** How many recordings have it. */
struct LibraryFacet {
    QString name;
    int count = 0;
};

class LibraryModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Role { idRole = Qt::UserRole, detailRole, stateRole, markRole, isGroupRole, hasVideoRole, isMissingRole, tagsRole };

    using QAbstractItemModel::QAbstractItemModel;

    /** Adds at the end of its group, which is made where it is new. */
    void add(const LibraryItem &item);
    /** The same for many in one step. */
    void addAll(const std::vector<LibraryItem> &items);
    /** Replaces the item with this id. */
    void update(const LibraryItem &item) { updateAll({item}); }
    void updateAll(const std::vector<LibraryItem> &items);
    /** With all that can be made ready off the GUI thread: thousands are then added at once. Any thread. */
    static LibraryItem prepared(LibraryItem item);
    void remove(qint64 id) { removeAll({id}); }
    void removeAll(const std::vector<qint64> &ids);
    void clear();
    /** All items in this order; ids that are not there are passed over. */
    void setOrder(const std::vector<qint64> &ids);

    /** All there are, and those that the query shows. */
    int count() const { return static_cast<int>(m_items.size()); }
    int shownCount() const { return m_shownCount; }
    const LibraryItem *item(qint64 id) const;
    /** Invalid where it is not shown. */
    QModelIndex indexOf(qint64 id) const;
    /** Those shown, as they are listed. */
    std::vector<LibraryItem> items() const;
    std::vector<LibraryItem> allItems() const { return m_items; }

    void setQuery(const LibraryQuery &query);
    const LibraryQuery &query() const { return m_query; }
    void setGrouping(LibraryGrouping grouping);
    LibraryGrouping grouping() const { return m_grouping; }
    /** Over all recordings, the most frequent first. */
    std::vector<LibraryFacet> labels() const { return facets(&LibraryItem::labels); }
    std::vector<LibraryFacet> tags() const { return facets(&LibraryItem::tags); }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    /** Labels or tags of some recording are others now. */
    void facetsChanged();

private:
    struct Group {
        QString name;
        std::vector<std::size_t> items;
    };
    QString headingOf(const LibraryItem &item) const;
    bool isShown(std::size_t item) const;
    void rebuild();
    void place(std::size_t item);
    std::vector<LibraryFacet> facets(QStringList LibraryItem::*member) const;

    std::vector<LibraryItem> m_items;
    QHash<qint64, std::size_t> m_at;
    // Groups have internal id 0; an item has its group's position + 1.
    std::vector<Group> m_groups;
    QHash<QString, std::size_t> m_groupAt;
    QHash<qint64, QPair<int, int>> m_shownAt; // group, row
    int m_shownCount = 0;
    LibraryQuery m_query;
    QStringList m_queryWords;
    LibraryGrouping m_grouping = LibraryGrouping::automatic;
};

} // namespace kino
