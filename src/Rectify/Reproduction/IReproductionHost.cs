using Rectify.Data;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>What experiments need of whoever runs them: pictures opened, networks trained, progress shown.</summary>
public interface IReproductionHost
{
    /// <summary>Trains a recipe to its end in a run's folder.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="begun">Whether there is a run in it, which is to go on.</param>
    /// <returns>False if it was interrupted: what was learned is saved, and the next call goes on.</returns>
    /// <exception cref="RectifyException">It cannot be trained.</exception>
    bool Train(Recipe recipe, string folder, bool begun);

    /// <summary>Opens the test images of a recipe's data, with its classes.</summary>
    /// <exception cref="RectifyException">The data has none.</exception>
    IDataset OpenTest(Recipe recipe);

    /// <summary>Opens the training and the validation images of a recipe.</summary>
    (IDataset Training, IDataset Validation) Open(Recipe recipe);

    /// <summary>Hears what is being done: a sentence.</summary>
    void Tell(string line);
}
