// The panel of labels: tiers, the labels that may be said with their keys, and the list of what is said. GUI thread.
#pragma once

#include "widgets/timeline/tier_data.h"

#include <QTimer>
#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;
class QTableView;
class QToolButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace kino {

class AnnotationListModel;
class Annotator;
class ChoiceBox;
class Commands;
class LabelRowsModel;
class Library;
class Session;

class LabelsPanel : public QWidget {
    Q_OBJECT

public:
    LabelsPanel(Session &session, Library &library, Annotator &annotator, Commands &commands, QWidget *parent = nullptr);

    QTreeWidget &tierList() { return *m_tiers; }
    QTableView &labelList() { return *m_labels; }
    QTableView &annotationList() { return *m_list; }
    QString note() const;
    /** Makes the first tier, or a further one, and lets the person name it. */
    void addTier(TierKind kind);

Q_SIGNALS:
    /** "New label set…" or "Edit label set…" was chosen. */
    void labelSetWanted(bool isNew);
    /** A tier is to be written to a file of its own. */
    void tierSaveWanted(const QString &tier);

private:
    QWidget *makeNote();
    QWidget *makeTiers();
    QWidget *makeLabels();
    void showState();
    void showTiers();
    void showLabelSets();
    void showLabels();
    void showList();
    void showSelection();
    void takeSelection();
    void renameTier(TierId tier, const QString &name);
    std::shared_ptr<const TierData> shownTier() const;
    void fillTierMenu(class QMenu &menu);

    Session &m_session;
    Library &m_library;
    Annotator &m_annotator;
    Commands &m_commands;
    QFrame *m_note;
    QLabel *m_noteText;
    QPushButton *m_noteButton;
    QWidget *m_body;
    QTreeWidget *m_tiers;
    ChoiceBox *m_sets;
    QToolButton *m_editSet;
    QTableView *m_labels;
    LabelRowsModel *m_labelRows;
    QLabel *m_summary;
    QTableView *m_list;
    AnnotationListModel *m_rows;
    QTimer m_count;
    /** While the panel itself fills lists, their signals are no wish of the person's. */
    bool m_isFilling = false;
};

} // namespace kino
